/** The books of the day as the sum that they are: who entered, how each stay ended, and who still waits. */

import { integer } from "../format";
import { t } from "../i18n";
import { Hint } from "../ui/hint";
import { Icon } from "../ui/icon";
import type { Outcomes, Today } from "../wire";
import { adds, ENDINGS, happened } from "./sums";

export function Ledger({ today }: { today: Today }) {
  const terms = [...happened(today, ENDINGS).map((ending) => term(ending, today)), t("board.sum.waiting", { n: integer(today.waiting) })];
  return (
    <div class={`ledger ${today.ledger_ok ? "good" : "bad"}`}>
      <Icon name={today.ledger_ok ? "ready" : "alert"} size={18} />
      <strong>
        <Hint why={t("board.ledger.why")}>{t(today.ledger_ok ? "board.ledger.ok" : "board.ledger.bad")}</Hint>
      </strong>
      <span class="ledger-sum">
        <span>{t("board.sum.entered", { n: integer(today.entered) })}</span>
        {terms.map((text, i) => (
          <span key={i}>
            {i > 0 ? "+" : adds(today) ? "=" : "≠"} {text}
          </span>
        ))}
      </span>
    </div>
  );
}

/** "2 overflowed". */
export function term(ending: keyof Outcomes, of: Outcomes): string {
  return t(`board.sum.${ending}`, { n: integer(of[ending]) });
}
