/** Beside the customer: the queues she serves, and how many wait in each. */

import { count, labelled, t } from "../i18n";
import { ask, leftQueues, ownQueues } from "../state/store";
import { Button } from "../ui/button";
import { Since } from "../ui/timer";
import type { QueueCaller, ServedQueue } from "../wire";

export function Queues() {
  const queues = ownQueues.value ?? [];
  return (
    <aside class="side" aria-labelledby="queues-title">
      <h2 id="queues-title">{t("queues.title")}</h2>
      {queues.length === 0 && <p class="muted">{t("queues.none")}</p>}
      <ul class="own-queues">
        {queues.map((queue) => (
          <Item key={queue.name} queue={queue} />
        ))}
      </ul>
    </aside>
  );
}

function Caller({ caller: { interaction, name, number, since } }: { caller: QueueCaller }) {
  const who = name || number || t("customer.withheld");
  return (
    <li>
      <span class="name" dir="auto" title={who}>
        {who}
      </span>
      <Since at={since} />
      <Button asks label={t("queues.take.who", { who })} onClick={() => void ask({ verb: "pull_call", interaction })}>
        {t("queues.take")}
      </Button>
    </li>
  );
}

/** Who was taken out of a queue that is not optional comes back by his supervisor alone. */
function Choice({ name, left }: { name: string; left: boolean }) {
  return (
    <Button asks onClick={() => void ask({ verb: left ? "join_queue" : "leave_queue", queue: name })}>
      {t(left ? "queues.join" : "queues.leave")}
    </Button>
  );
}

function Item({ queue }: { queue: ServedQueue }) {
  const left = (leftQueues.value ?? []).includes(queue.name);
  const some = queue.waiting > 0;
  return (
    <li class={some ? "some" : ""}>
      <span class="own-queue-name name" title={labelled(queue.label, queue.name)}>
        {labelled(queue.label, queue.name)}
      </span>
      <strong>{some ? count("queues.waiting", queue.waiting) : t("queues.empty")}</strong>
      {some && typeof queue.longest_since === "number" && (
        <small>
          {t("queues.longest", { time: "" })}
          <Since at={queue.longest_since} />
        </small>
      )}
      {(queue.optional || left) && (
        <span class="own-queue-choice">
          {left && <span class="pill warn">{t("queues.left")}</span>}
          {queue.optional && <Choice name={queue.name} left={left} />}
        </span>
      )}
      {!left && (queue.callers ?? []).length > 0 && (
        <ul class="queue-callers">
          {(queue.callers ?? []).map((caller) => (
            <Caller key={caller.interaction} caller={caller} />
          ))}
        </ul>
      )}
    </li>
  );
}
