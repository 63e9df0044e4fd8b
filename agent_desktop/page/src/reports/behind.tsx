/** What is behind a figure: its segments, contacts, or stays of agents; and everything about each contact. */

import { useEffect, useRef, useState } from "preact/hooks";
import { clock, integer } from "../format";
import { count, t } from "../i18n";
import { Button } from "../ui/button";
import { BehindRows, rowsOf } from "./behind_rows";
import { ContactDetails } from "./contact";
import type { BehindAnswer, Opened } from "./model";
import { Trouble } from "./trouble";
import { useAnswer } from "./use_answer";

export function Behind({ title, path, zone, close }: Opened & { close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [contact, setContact] = useState<string | null>(null);
  const answer = useAnswer<BehindAnswer>(path("json"));
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="behind" aria-labelledby="behind-title" onClose={close}>
      <header>
        <h2 id="behind-title" dir="auto">
          {title}
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
            <HowMany answer={answer.value} />{" "}
            <a href={path("csv")} download>
              CSV
            </a>
          </p>
          <BehindRows answer={answer.value} zone={zone} open={setContact} />
        </>
      )}
    </dialog>
  );
}

function HowMany({ answer }: { answer: BehindAnswer }) {
  const { kind, rows } = rowsOf(answer);
  const all = answer.count > rows.length ? t("behind.some", { n: integer(rows.length), all: integer(answer.count) }) : count(`behind.${kind}`, answer.count);
  return (
    <>
      {all} {"seconds" in answer && t("behind.seconds", { time: clock(Math.round(answer.seconds)) })}
    </>
  );
}
