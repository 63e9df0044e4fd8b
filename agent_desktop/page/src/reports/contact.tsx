/** Everything about one contact: its way through the menu and the queues, who was asked, and why he and nobody else. */

import { clock, timeIn } from "../format";
import { named, t } from "../i18n";
import { Button } from "../ui/button";
import type { Contact, ContactAnswer } from "./model";
import { agentName, outcome, queueName, wayName } from "./show";
import { Trouble } from "./trouble";
import { useAnswer } from "./use_answer";

export function ContactDetails({ id, zone, back }: { id: string; zone: string; back: () => void }) {
  const answer = useAnswer<ContactAnswer>(`api/reports/contact?${new URLSearchParams({ id }).toString()}`);
  return (
    <div class="contact-details">
      <Button kind="quiet" onClick={back}>
        {t("contact.back")}
      </Button>
      {answer === null ? <p role="status">{t("report.loading")}</p> : answer.kind !== "answer" ? <Trouble answer={answer} /> : <Details {...answer.value} zone={zone} />}
    </div>
  );
}

function Details({ contact, passed, zone }: ContactAnswer & { zone: string }) {
  return (
    <>
      <h3 dir="auto">
        {contact.caller_number || t("customer.withheld")} → {contact.dialled}, {timeIn(contact.started, zone)}
      </h3>
      <p class="muted">
        {contact.outcome === null ? t("behind.still") : named("outcome", contact.outcome)} · {contact.id}
        {contact.customer !== "" && ` · ${t(contact.verified ? "contact.customer.verified" : "contact.customer", { id: contact.customer })}`}
      </p>
      {contact.path.length > 0 && (
        <>
          <h4>{t("contact.path")}</h4>
          <ol>
            {contact.path.map((step, at) => (
              <li key={at} dir="auto">
                {step.label} {step.said !== "" && <code>{step.said}</code>}
              </li>
            ))}
          </ol>
        </>
      )}
      <Visited visits={contact.visits} />
      {contact.segments.map((segment) => (
        <section key={segment.id}>
          <h4 dir="auto">
            {queueName(segment.queue)} · {timeIn(segment.entered, zone)} · {outcome(segment.outcome)}
            {segment.wait !== null && ` · ${t("board.wait")} ${clock(Math.round(segment.wait))}`}
          </h4>
          {contact.reservations
            .filter((held) => held.segment === segment.id)
            .map((held) => (
              <Asked key={held.id} held={held} entered={segment.entered} passed={passed[held.id] ?? {}} />
            ))}
          {contact.talks
            .filter((talk) => talk.segment === segment.id)
            .map((talk) => (
              <p key={talk.started} dir="auto">
                {t("contact.talked", { agent: agentName(talk.agent), time: talk.ended === null ? "–" : clock(Math.round(talk.ended - talk.started)) })}
              </p>
            ))}
        </section>
      ))}
      {contact.wrap_ups.map((wrapUp) => (
        <p key={wrapUp.agent} class="contact-note" dir="auto">
          {agentName(wrapUp.agent)}: <strong>{wrapUp.code === "" ? "" : named("code", wrapUp.code)}</strong> {wrapUp.note}
        </p>
      ))}
    </>
  );
}

/** Every node that the caller came to, how long he stayed, and by which way he left. */
function Visited({ visits }: { visits: Contact["visits"] }) {
  if (visits.length === 0) return null;
  return (
    <details>
      <summary>{t("contact.visits", { n: visits.length })}</summary>
      <dl>
        {visits.map(({ flow, node, kind, entered, left, way, no_inputs, no_matches }, at) => (
          <div key={at} dir="auto">
            <dt>
              {flow}/{node}
            </dt>
            <dd>
              {left === null ? t("behind.still") : clock(Math.round(left - entered))} · {way === "" ? "–" : wayName(kind, way)}
              {no_inputs > 0 && ` · ${t("contact.silent", { n: no_inputs })}`}
              {no_matches > 0 && ` · ${t("contact.mistyped", { n: no_matches })}`}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

type Held = Contact["reservations"][number];

function Asked({ held, entered, passed }: { held: Held; entered: number; passed: Readonly<Record<string, readonly string[]>> }) {
  const how = held.outcome === null ? t("behind.still") : t(`held.${held.outcome as "accepted" | "declined" | "expired" | "withdrawn"}`);
  const others = held.decision?.candidates.slice(1) ?? [];
  return (
    <details>
      <summary dir="auto">{t("contact.asked", { agent: agentName(held.agent), after: clock(Math.round(held.made - entered)), how })}</summary>
      <dl>
        {held.decision !== null && (
          <div>
            <dt>{t("contact.need")}</dt>
            <dd>
              <code>{held.decision.need}</code>
            </dd>
          </div>
        )}
        {others.length > 0 && (
          <div>
            <dt>{t("contact.behind_him")}</dt>
            <dd dir="auto">{others.map((one) => (one.reason === "" ? agentName(one.agent) : `${agentName(one.agent)} (${one.reason})`)).join(", ")}</dd>
          </div>
        )}
        {Object.entries(passed).map(([reason, agents]) => (
          <div key={reason}>
            <dt>{reason}</dt>
            <dd dir="auto">{agents.map(agentName).join(", ")}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
