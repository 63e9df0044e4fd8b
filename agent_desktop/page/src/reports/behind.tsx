/** What is behind a figure: its segments, and everything about the contact of each. */

import { useEffect, useRef, useState } from "preact/hooks";
import { clock, integer, timeIn } from "../format";
import { count, t } from "../i18n";
import { Button } from "../ui/button";
import { ContactDetails } from "./contact";
import { behindPath, type Opened, type Segment } from "./model";
import { agentName, outcome, queueName } from "./show";
import { Trouble } from "./trouble";
import { useAnswer } from "./use_answer";

export function Behind({ by, line, column, source, zone, name, close }: Opened & { close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [contact, setContact] = useState<string | null>(null);
  const answer = useAnswer<{ segments: readonly Segment[]; count: number }>(behindPath(by, line, source));
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="behind" aria-labelledby="behind-title" onClose={close}>
      <header>
        <h2 id="behind-title" dir="auto">
          {t(`figure.${column}`)} · {name} · {timeIn(line.interval.start, zone)}
        </h2>
        <Button kind="quiet" icon="close" label={t("behind.close")} onClick={() => dialog.current?.close()} />
      </header>
      {contact !== null ? (
        <ContactDetails id={contact} zone={zone} back={() => setContact(null)} />
      ) : answer === null ? (
        <p role="status">{t("report.loading")}</p>
      ) : answer.kind !== "answer" ? (
        <Trouble answer={answer} />
      ) : (
        <>
          <p class="behind-count">
            {answer.value.count > answer.value.segments.length
              ? t("behind.some", { n: integer(answer.value.segments.length), all: integer(answer.value.count) })
              : count("behind.count", answer.value.count)}{" "}
            <a href={behindPath(by, line, source, "csv")} download>
              CSV
            </a>
          </p>
          <Segments segments={answer.value.segments} zone={zone} open={setContact} />
        </>
      )}
    </dialog>
  );
}

function Segments({ segments, zone, open }: { segments: readonly Segment[]; zone: string; open: (contact: string) => void }) {
  return (
    <div class="report-table" role="group" aria-labelledby="behind-title" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("behind.entered")}</th>
            <th scope="col">{t("board.caller")}</th>
            <th scope="col">{t("board.queue")}</th>
            <th scope="col">{t("behind.outcome")}</th>
            <th scope="col" class="number">
              {t("board.wait")}
            </th>
            <th scope="col">{t("board.agent")}</th>
            <th scope="col" class="number">
              {t("figure.talk")}
            </th>
          </tr>
        </thead>
        <tbody>
          {segments.map((segment) => (
            <tr key={segment.id}>
              <th scope="row">
                <button type="button" class="figure-button" aria-label={t("behind.open", { when: timeIn(segment.entered, zone) })} onClick={() => open(segment.interaction)}>
                  {timeIn(segment.entered, zone)}
                </button>
              </th>
              <td dir="auto">{segment.caller || t("customer.withheld")}</td>
              <td dir="auto">{queueName(segment.queue)}</td>
              <td>{outcome(segment.outcome)}</td>
              <td class="number">{segment.wait === null ? "–" : clock(Math.round(segment.wait))}</td>
              <td dir="auto">{segment.agents.map(agentName).join(", ") || "–"}</td>
              <td class="number">{segment.talk > 0 ? clock(Math.round(segment.talk)) : "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

