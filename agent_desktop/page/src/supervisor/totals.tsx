/** The day in figures, and the sum that proves them. */

import { integer, percent } from "../format";
import { t } from "../i18n";
import { today } from "../state/store";
import { Hint } from "../ui/hint";
import { Ledger } from "./ledger";
import { abandonRate } from "./sums";

export function Totals() {
  const sums = today.value;
  if (sums === null) return null;
  const why = t("board.abandoned.why", { rate: percent(abandonRate(sums)), short: integer(sums.short_abandoned) });
  return (
    <section class="totals" aria-label={t("board.today")}>
      <dl class="totals-now">
        <Figure name={t("board.waiting")} value={sums.waiting} loud={sums.waiting > 0} />
        <Figure name={t("board.talking")} value={sums.talking} />
        <Figure name={t("board.in_flow")} value={sums.in_flow} />
      </dl>
      <dl class="totals-day">
        <Figure name={t("board.entered")} value={sums.entered} />
        <Figure name={t("board.answered")} value={sums.answered} />
        <Figure name={t("board.abandoned")} value={sums.abandoned} why={why} />
      </dl>
      <Ledger today={sums} />
    </section>
  );
}

function Figure({ name, value, why, loud = false }: { name: string; value: number; why?: string; loud?: boolean }) {
  return (
    <div class={loud ? "figure loud" : "figure"}>
      <dt>{why === undefined ? name : <Hint why={why}>{name}</Hint>}</dt>
      <dd>{integer(value)}</dd>
    </div>
  );
}
