/** The day in one line. */

import { integer, percent } from "../format";
import { t } from "../i18n";
import { today } from "../state/store";
import { Icon } from "../ui/icon";
import type { QueueBoard } from "../wire";
import { abandonRate } from "./sums";

export function Totals({ queues }: { queues: readonly QueueBoard[] }) {
  const sums = today.value;
  if (sums === null) return null;
  const waiting = queues.reduce((sum, queue) => sum + queue.waiting, 0);
  const why = t("board.abandoned.why", { rate: percent(abandonRate(sums)), short: integer(sums.short_abandoned) });
  return (
    <section class="totals" aria-label={t("board.today")}>
      <dl class="totals-now">
        <Figure name={t("board.waiting")} value={waiting} loud={waiting > 0} />
        <Figure name={t("board.talking")} value={sums.talking} />
        <Figure name={t("board.in_flow")} value={sums.in_flow} />
      </dl>
      <dl class="totals-day">
        <Figure name={t("board.entered")} value={sums.entered} />
        <Figure name={t("board.answered")} value={sums.answered} />
        <Figure name={t("board.abandoned")} value={sums.abandoned} why={why} />
      </dl>
      <p class={`ledger ${sums.ledger_ok ? "good" : "bad"}`}>
        <Icon name={sums.ledger_ok ? "ready" : "alert"} size={18} />
        {t(sums.ledger_ok ? "board.ledger.ok" : "board.ledger.bad")}
      </p>
    </section>
  );
}

function Figure({ name, value, why, loud = false }: { name: string; value: number; why?: string; loud?: boolean }) {
  return (
    <div class={loud ? "figure loud" : "figure"} title={why}>
      <dt>{name}</dt>
      <dd>{integer(value)}</dd>
    </div>
  );
}
