/** The day in one line. */

import { integer } from "../format";
import { t } from "../i18n";
import { today } from "../state/store";
import { Icon } from "../ui/icon";
import type { QueueBoard } from "../wire";

export function Totals({ queues }: { queues: readonly QueueBoard[] }) {
  const sums = today.value;
  if (sums === null) return null;
  const waiting = queues.reduce((sum, queue) => sum + queue.waiting, 0);
  const abandoned = (sums.abandoned ?? 0) + (sums.short_abandoned ?? 0);
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
        <Figure name={t("board.abandoned")} value={abandoned} />
      </dl>
      <p class={`ledger ${sums.ledger_ok ? "good" : "bad"}`}>
        <Icon name={sums.ledger_ok ? "ready" : "alert"} size={18} />
        {t(sums.ledger_ok ? "board.ledger.ok" : "board.ledger.bad")}
      </p>
    </section>
  );
}

function Figure({ name, value, loud = false }: { name: string; value: number; loud?: boolean }) {
  return (
    <div class={loud ? "figure loud" : "figure"}>
      <dt>{name}</dt>
      <dd>{integer(value)}</dd>
    </div>
  );
}
