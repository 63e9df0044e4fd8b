/** One queue: how many wait and how long, who could take them, and how the day went. */

import { useComputed } from "@preact/signals";
import { ago, clock, integer, moment, percent } from "../format";
import { count, labelled, t } from "../i18n";
import { now } from "../state/store";
import { Hint } from "../ui/hint";
import { Icon } from "../ui/icon";
import { Since } from "../ui/timer";
import type { QueueBoard } from "../wire";
import { term } from "./ledger";
import { abandonRate, isStuck, RARE, spread } from "./sums";

export function QueueCard({ queue }: { queue: QueueBoard }) {
  const rare = RARE.filter((ending) => queue[ending] > 0)
    .map((ending) => term(ending, queue))
    .join(", ");
  return (
    <article class={`queue-card ${queue.waiting > 0 ? "some" : ""}`}>
      <header>
        <h3 class="name" title={labelled(queue.label, queue.name)}>
          {labelled(queue.label, queue.name)}
        </h3>
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
          <dt>
            <Hint why={t("board.service_level.why")}>{t("board.service_level")}</Hint>
          </dt>
          <dd>{percent(queue.service_level)}</dd>
        </div>
        <div>
          <dt>
            <Hint why={spread(queue)}>{t("board.asa")}</Hint>
          </dt>
          <dd>{queue.asa === null ? "–" : clock(queue.asa)}</dd>
        </div>
        <div>
          <dt>{t("board.answered")}</dt>
          <dd>{integer(queue.answered)}</dd>
        </div>
        <div>
          <dt>
            <Hint why={t("board.abandoned.why", { rate: percent(abandonRate(queue)), short: integer(queue.short_abandoned) })}>{t("board.abandoned")}</Hint>
          </dt>
          <dd>{integer(queue.abandoned)}</dd>
        </div>
      </dl>
      {queue.messages > 0 && typeof queue.oldest_message === "number" && (
        <p class="queue-messages">
          <Icon name="mail" size={16} />
          {count("board.messages", queue.messages)} · <Oldest at={queue.oldest_message} />
        </p>
      )}
      {rare !== "" && <p class="queue-rare">{t("board.also", { what: rare })}</p>}
    </article>
  );
}

function Oldest({ at }: { at: number }) {
  const when = useComputed(() => ago(at, now.value));
  return <span title={moment(at)}>{t("board.messages.oldest", { when: when.value })}</span>;
}
