/** One queue: how many wait and how long, who could take them, and how the day went. */

import { clock, integer, percent } from "../format";
import { labelled, t } from "../i18n";
import { Icon } from "../ui/icon";
import { Since } from "../ui/timer";
import type { QueueBoard } from "../wire";
import { abandonRate, isStuck } from "./sums";

export function QueueCard({ queue }: { queue: QueueBoard }) {
  return (
    <article class={`queue-card ${queue.waiting > 0 ? "some" : ""}`}>
      <header>
        <h3>{labelled(queue.label, queue.name)}</h3>
        {isStuck(queue) && (
          <span class="pill warn">
            <Icon name="alert" size={16} />
            {t("board.nobody")}
          </span>
        )}
      </header>
      <dl class="queue-now">
        <div class="big">
          <dt>{t("board.waiting")}</dt>
          <dd>{integer(queue.waiting)}</dd>
        </div>
        <div class="big">
          <dt>{t("board.longest")}</dt>
          <dd>{typeof queue.longest_since === "number" ? <Since at={queue.longest_since} /> : "–"}</dd>
        </div>
        <div>
          <dt>{t("board.ready")}</dt>
          <dd>{integer(queue.ready)}</dd>
        </div>
        <div>
          <dt>{t("board.talking")}</dt>
          <dd>{integer(queue.talking)}</dd>
        </div>
      </dl>
      <dl class="queue-day">
        <div>
          <dt>{t("board.service_level")}</dt>
          <dd>{percent(queue.service_level)}</dd>
        </div>
        <div title={t("board.asa.why")}>
          <dt>{t("board.asa")}</dt>
          <dd>{queue.asa === null ? "–" : clock(queue.asa)}</dd>
        </div>
        <div>
          <dt>{t("board.answered")}</dt>
          <dd>{integer(queue.answered)}</dd>
        </div>
        <div title={t("board.abandoned.why", { rate: percent(abandonRate(queue)), short: integer(queue.short_abandoned) })}>
          <dt>{t("board.abandoned")}</dt>
          <dd>{integer(queue.abandoned)}</dd>
        </div>
      </dl>
    </article>
  );
}
