/** Line icons, 24 by 24. They only underline a word that stands beside them; screen readers skip them. */

const HANDSET =
  "M21 16.4v3a2 2 0 0 1-2.2 2 18 18 0 0 1-7.8-2.8 17.6 17.6 0 0 1-5.6-5.6A18 18 0 0 1 2.6 5.2 2 2 0 0 1 4.6 3h3a2 2 0 0 1 2 1.7c.1 1 .4 1.9.7 2.8a2 2 0 0 1-.5 2.1L8.5 10.9a14.5 14.5 0 0 0 4.6 4.6l1.3-1.3a2 2 0 0 1 2.1-.5c.9.3 1.8.6 2.8.7a2 2 0 0 1 1.7 2z";

const PATHS = {
  phone: [HANDSET],
  incoming: [HANDSET, "M21 3l-6 6", "M15 4v5h5"],
  hang_up: ["M3 15c5-5.5 13-5.5 18 0l-2.5 3-4-2v-3a11 11 0 0 0-5 0v3l-4 2z"],
  headset: ["M4 15v-3a8 8 0 0 1 16 0v3", "M4 14h3v6H6a2 2 0 0 1-2-2z", "M20 14h-3v6h1a2 2 0 0 0 2-2z"],
  ready: ["M4 12.5l5 5L20 6.5"],
  pause: ["M8 5v14", "M16 5v14"],
  pen: ["M4 20l1-4L16.5 4.5a2.1 2.1 0 0 1 3 3L8 19z", "M13 20h7"],
  power: ["M12 3v9", "M6.5 6.5a8 8 0 1 0 11 0"],
  mic: ["M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3z", "M5 11a7 7 0 0 0 14 0", "M12 18v3"],
  mic_off: ["M15 9.5V6a3 3 0 0 0-5.8-1", "M9 9v2a3 3 0 0 0 4.8 2.4", "M5 11a7 7 0 0 0 11 5.7", "M18.5 13.5A7 7 0 0 0 19 11", "M12 18v3", "M4 4l16 16"],
  alert: ["M12 3.5L2.5 20h19z", "M12 10v4.5", "M12 17.2v.1"],
  info: ["M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18z", "M12 11v5.5", "M12 7.7v.1"],
  verified: ["M12 3l7.5 3v5.5c0 4.5-3 8-7.5 9.5-4.5-1.5-7.5-5-7.5-9.5V6z", "M8.5 12l2.5 2.5 4.5-5"],
  typed: ["M12 3l7.5 3v5.5c0 4.5-3 8-7.5 9.5-4.5-1.5-7.5-5-7.5-9.5V6z", "M8.5 12v.1", "M12 12v.1", "M15.5 12v.1"],
  unverified: ["M12 3l7.5 3v5.5c0 4.5-3 8-7.5 9.5-4.5-1.5-7.5-5-7.5-9.5V6z", "M9.8 9.5a2.3 2.3 0 1 1 3 2.4c-.6.2-.8.6-.8 1.3", "M12 16v.1"],
  clock: ["M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18z", "M12 7v5l3.5 2"],
  people: ["M9 4.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7z", "M2.5 20a6.5 6.5 0 0 1 13 0", "M16 5a3.5 3.5 0 0 1 0 6.5", "M18 14.5a6.5 6.5 0 0 1 3.5 5.5"],
  person: ["M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8z", "M4.5 20.5a7.5 7.5 0 0 1 15 0"],
  mail: ["M3 6h18v12H3z", "M3.5 7l8.5 6 8.5-6"],
  chat: ["M4 5h16v11H10l-4.5 4v-4H4z"],
  globe: ["M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18z", "M3 12h18", "M12 3c3.5 3.5 3.5 14.5 0 18-3.5-3.5-3.5-14.5 0-18z"],
  screen: ["M3 4.5h18v12H3z", "M9 20.5h6", "M12 16.5v4"],
  windows: ["M3 8h13v12H3z", "M8 8V4h13v12h-5"],
  down: ["M6 9l6 6 6-6"],
  more: ["M12 5v.1", "M12 12v.1", "M12 19v.1"],
  close: ["M6 6l12 12", "M18 6L6 18"],
  link: ["M10 14L20 4", "M14 4h6v6", "M18 14v6H4V6h6"],
  tape: ["M6.5 7.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9z", "M17.5 7.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9z", "M6.5 16.5h11"],
  eye: ["M2.5 12C6 6 18 6 21.5 12 18 18 6 18 2.5 12z", "M12 9.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z"],
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {PATHS[name].map((d) => (
        <path key={d} d={d} />
      ))}
    </svg>
  );
}
