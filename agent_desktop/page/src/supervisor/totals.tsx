/** The day in figures, and the sum that proves them. */

import type { ComponentChildren } from "preact";
import { clock, integer, percent } from "../format";
import { t } from "../i18n";
import { today } from "../state/store";
import { Hint } from "../ui/hint";
import { Since } from "../ui/timer";
import { Ledger } from "./ledger";
import { abandonRate, spread } from "./sums";

export function Totals() {
  const sums = today.value;
  if (sums === null) return null;
  const why = t("board.abandoned.why", { rate: percent(abandonRate(sums)), short: integer(sums.short_abandoned) });
  return (
    <section class="totals" aria-label={t("board.today")}>
      <dl class="totals-now">
        <Figure name={t("board.waiting")} value={sums.waiting} loud={sums.waiting > 0} />
        <Shown name={t("board.longest")}>{sums.longest_since === null ? "–" : <Since at={sums.longest_since} />}</Shown>
        <Figure name={t("board.talking")} value={sums.talking} />
        <Figure name={t("board.in_flow")} value={sums.in_flow} />
      </dl>
      <dl class="totals-day">
        <Figure name={t("board.entered")} value={sums.entered} />
        <Figure name={t("board.answered")} value={sums.answered} />
        <Figure name={t("board.abandoned")} value={sums.abandoned} why={why} />
        <Shown name={t("board.service_level")} why={t("board.service_level.why")}>
          {percent(sums.service_level)}
        </Shown>
        <Shown name={t("board.asa")} why={spread(sums)}>
          {sums.asa === null ? "–" : clock(sums.asa)}
        </Shown>
      </dl>
      <Ledger today={sums} />
    </section>
  );
}

function Figure({ value, ...shown }: { name: string; value: number; why?: string; loud?: boolean }) {
  return <Shown {...shown}>{integer(value)}</Shown>;
}

function Shown({ name, why, loud = false, children }: { name: string; why?: string; loud?: boolean; children: ComponentChildren }) {
  return (
    <div class={loud ? "figure loud" : "figure"}>
      <dt>{why === undefined ? name : <Hint why={why}>{name}</Hint>}</dt>
      <dd>{children}</dd>
    </div>
  );
}
