/** Numbers, money, dates and durations as the reader's language writes them. */

import { language, TAGS } from "./i18n";

const tag = (): string => TAGS[language.value];

const made = new Map<string, unknown>();

/** Intl objects are dear to make and are asked for on every beat of a timer. */
function kept<T>(key: string, make: () => T): T {
  const found = made.get(key);
  if (found !== undefined) return found as T;
  const fresh = make();
  made.set(key, fresh);
  return fresh;
}

export function integer(n: number): string {
  return kept(`n ${tag()}`, () => new Intl.NumberFormat(tag())).format(n);
}

/** 0 to 1 as a percentage; a dash where there is nothing to tell yet. */
export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined) return "–";
  return kept(`% ${tag()}`, () => new Intl.NumberFormat(tag(), { style: "percent" })).format(share);
}

/** The same to a tenth of a percent, for reports. */
export function share(part: number): string {
  return kept(`%1 ${tag()}`, () => new Intl.NumberFormat(tag(), { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 })).format(part);
}

/** A decimal text such as "120.50", never through a binary fraction. An unknown currency is written as it came. */
export function money(amount: string, currency: string): string {
  if (!/^-?\d+(\.\d+)?$/.test(amount)) return `${amount} ${currency}`.trim();
  const decimal = amount as Intl.StringNumericLiteral;
  if (!/^[A-Za-z]{3}$/.test(currency)) return `${kept(`n2 ${tag()}`, decimals).format(decimal)} ${currency}`.trim();
  return kept(`$ ${tag()} ${currency}`, () => new Intl.NumberFormat(tag(), { style: "currency", currency })).format(decimal);
}

function decimals(): Intl.NumberFormat {
  return new Intl.NumberFormat(tag(), { minimumFractionDigits: 2 });
}

/** Seconds as m:ss, from an hour on as h:mm:ss. Never negative. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number): string => String(n).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A length of time that somebody has set, such as "30 min"; what is not whole minutes as `clock`. */
export function span(seconds: number): string {
  if (seconds < 60 || seconds % 60 !== 0) return clock(seconds);
  const options = { style: "unit", unit: "minute", unitDisplay: "short" } as const;
  return kept(`u ${tag()}`, () => new Intl.NumberFormat(tag(), options)).format(seconds / 60);
}

/** An ISO date without a time of day, such as a bill's due date. */
export function day(iso: string): string {
  const at = Date.parse(`${iso.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(at)) return iso;
  return kept(`d ${tag()}`, () => new Intl.DateTimeFormat(tag(), { dateStyle: "medium", timeZone: "UTC" })).format(at);
}

/** Whole days from a due date until today at `now` (server's clock, her time zone); negative if it is still to come. */
export function daysPast(iso: string, now: number): number {
  const due = Date.parse(`${iso.slice(0, 10)}T00:00:00Z`);
  const here = new Date(now * 1000);
  return Math.round((Date.UTC(here.getFullYear(), here.getMonth(), here.getDate()) - due) / 86_400_000);
}

/** Day and time of a moment. */
export function moment(at: number): string {
  const options = { dateStyle: "medium", timeStyle: "short" } as const;
  return kept(`m ${tag()}`, () => new Intl.DateTimeFormat(tag(), options)).format(at * 1000);
}

/** Day and time to the second, by the clock on the wall of the centre. */
export function timeIn(at: number, zone: string): string {
  const options = { dateStyle: "medium", timeStyle: "medium", timeZone: zone } as const;
  return kept(`t ${tag()} ${zone}`, () => new Intl.DateTimeFormat(tag(), options)).format(at * 1000);
}

const STEPS = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["week", 7 * 86_400],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
] as const;

/** "3 days ago", "yesterday". */
export function ago(at: number, now: number): string {
  const seconds = Math.max(0, now - at);
  const [unit, size] = STEPS.find(([, size]) => seconds >= size) ?? ["minute", 60];
  return kept(`r ${tag()}`, () => new Intl.RelativeTimeFormat(tag(), { numeric: "auto" })).format(-Math.floor(seconds / size), unit);
}

/** "Anna, Ben and Chloe". */
export function listed(names: readonly string[]): string {
  return kept(`l& ${tag()}`, () => new Intl.ListFormat(tag(), { type: "conjunction" })).format(names);
}

/** The name of a language by its code, in the reader's language. */
export function languageName(code: string): string {
  try {
    return kept(`l ${tag()}`, () => new Intl.DisplayNames(tag(), { type: "language" })).of(code) ?? code;
  } catch (error) {
    if (error instanceof RangeError) return code; // not a BCP 47 tag: show what the CRM says
    throw error;
  }
}
