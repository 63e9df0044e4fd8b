/** Figures of the board that are made of others; docs/figures.md says what each means. */

import { clock } from "../format";
import { t } from "../i18n";
import type { Outcomes, QueueBoard, Today } from "../wire";

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

/** All ways in which a stay in a queue ends, the usual ones first. */
export const ENDINGS = ["answered", "abandoned", "short_abandoned", "overflowed", "callback_requested", "withdrawn", "failed"] as const satisfies readonly (keyof Outcomes)[];
/** Those that have no figure of their own on a queue's card. */
export const RARE = ["overflowed", "callback_requested", "withdrawn", "failed"] as const satisfies readonly (keyof Outcomes)[];

/** The endings of the list that there were; answered and abandoned always count. */
export function happened(of: Outcomes, endings: readonly (keyof Outcomes)[]): readonly (keyof Outcomes)[] {
  return endings.filter((ending) => of[ending] > 0 || ending === "answered" || ending === "abandoned");
}

/** Whether who entered is who has left and who still waits. */
export function adds(today: Today): boolean {
  return today.entered === ENDINGS.reduce((sum, ending) => sum + today[ending], today.waiting);
}

/** What the mean wait means, and how the waits are spread around it. */
export function spread({ wait_median, wait_p90 }: Pick<Today, "wait_median" | "wait_p90">): string {
  if (wait_median === null || wait_p90 === null) return t("board.asa.why");
  return `${t("board.asa.why")} ${t("board.asa.spread", { median: clock(Math.round(wait_median)), p90: clock(Math.round(wait_p90)) })}`;
}
