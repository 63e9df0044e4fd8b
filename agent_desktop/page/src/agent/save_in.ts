/** When a note is sent that she is still typing. Seconds. */

/** After so long without a key. */
export const REST = 0.8;
/** So long at most, however fast she types. */
export const AT_MOST = 4;
/** The last moments of after-call work: what is not there when they are over is lost. */
export const LAST = 3;

/** Seconds from this key, if she has been typing unsaved for `typing` seconds, and after-call work goes on for `left`. */
export function saveIn(typing: number, left: number): number {
  if (left <= LAST) return 0;
  return Math.max(0, Math.min(REST, AT_MOST - typing, left - LAST));
}
