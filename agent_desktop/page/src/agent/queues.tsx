/** Beside the customer: the queues she serves, and how many wait in each. */

import { count, labelled, t } from "../i18n";
import { ownQueues } from "../state/store";
import { Since } from "../ui/timer";
import type { OwnQueue } from "../wire";

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

function Item({ queue }: { queue: OwnQueue }) {
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
    </li>
  );
}
