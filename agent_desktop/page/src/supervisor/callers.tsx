/** Who waits now, over all queues, the longest first. */

import { clock, listed } from "../format";
import { count, labelled, t } from "../i18n";
import { Since } from "../ui/timer";
import type { QueueBoard, WaitingCaller } from "../wire";
import { CallerMenu } from "./acts";

/** So many rows are shown; the queues' counts tell of the rest. */
const ROWS = 12;

interface Row {
  caller: WaitingCaller;
  queue: QueueBoard;
}

/** All waiting callers that the board knows, the longest wait first. */
export function waitingRows(queues: readonly QueueBoard[]): readonly Row[] {
  return queues.flatMap((queue) => queue.callers.map((caller) => ({ caller, queue }))).sort((a, b) => a.caller.since - b.caller.since);
}

export function Callers({ queues }: { queues: readonly QueueBoard[] }) {
  const rows = waitingRows(queues).slice(0, ROWS);
  const more = queues.reduce((sum, { waiting }) => sum + waiting, 0) - rows.length;
  return (
    <section class="callers" aria-labelledby="callers-title">
      <h2 id="callers-title">{t("board.callers")}</h2>
      {rows.length === 0 ? (
        <p class="blank small">{t("board.callers.none")}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{t("board.caller")}</th>
              <th scope="col">{t("board.queue")}</th>
              <th scope="col" class="amount">
                {t("board.wait")}
              </th>
              <th scope="col">
                <span class="unseen">{t("act.menu")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Caller key={row.caller.interaction} row={row} />
            ))}
          </tbody>
        </table>
      )}
      {more > 0 && <p class="muted more">{count("board.callers.more", more)}</p>}
    </section>
  );
}

function Caller({ row: { caller, queue } }: { row: Row }) {
  const who = caller.name || caller.number || t("customer.withheld");
  return (
    <tr>
      <th scope="row">
        <span class="name" dir="auto" title={who}>
          {who}
        </span>
        {who === caller.name && <small class="number">{caller.number}</small>}
      </th>
      <td>
        <span class="name" title={labelled(queue.label, queue.name)}>
          {labelled(queue.label, queue.name)}
        </span>
        <Shifted by={caller.head_start ?? 0} />
        {caller.state === "ringing" && <Ringing at={caller.rings_at ?? []} />}
      </td>
      <td class="amount">
        <Since at={caller.since} />
      </td>
      <td class="act">
        <CallerMenu caller={caller} queue={queue} />
      </td>
    </tr>
  );
}

/** By how much somebody has brought him forward, or put him back. */
function Shifted({ by }: { by: number }) {
  if (by === 0) return null;
  const time = clock(Math.abs(by));
  return <small class="forward">{t(by > 0 ? "act.forward.by" : "act.backward.by", { time })}</small>;
}

/** At whose phones; each of them is named, as far as there is room. */
function Ringing({ at }: { at: readonly string[] }) {
  const who = listed(at);
  return (
    <>
      <span class="pill ringing">{t("board.ringing")}</span>
      {who !== "" && (
        <small class="rings-at name" dir="auto" title={who}>
          {t("board.rings_at", { who })}
        </small>
      )}
    </>
  );
}
