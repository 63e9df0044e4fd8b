/** Figures of the board that are made of others; docs/figures.md says what each means. */

import type { QueueBoard, Today } from "../wire";

/** Somebody waits for whom no phone rings yet, and nobody could take him. */
export function isStuck({ waiting, ready, callers }: QueueBoard): boolean {
  const ringing = callers.filter(({ state }) => state === "ringing").length;
  return waiting > ringing && ready === 0;
}

/** 0 to 1: of those who entered and did not change their mind at once. Null while there is nobody. */
export function abandonRate({ entered, abandoned, short_abandoned }: Pick<Today, "entered" | "abandoned" | "short_abandoned">): number | null {
  const serious = entered - short_abandoned;
  return serious > 0 ? abandoned / serious : null;
}
