/** Where she is when this call is written up, in words. */

import { named, t } from "../i18n";
import type { Resume } from "../wire";

/** `others`: her other calls. A break that she did not choose, because her desktop was gone or she missed a call, is no wish. */
export function afterwards(resume: Resume | null | undefined, others: number, breaks: readonly string[]): string {
  if (others > 0) return t("wrap.then_others");
  if (resume?.kind !== "break") return t("wrap.then_ready");
  const reason = resume.reason ?? "";
  return breaks.includes(reason) ? t("wrap.then_break", { reason: named("reason", reason) }) : t("wrap.then_no_calls");
}
