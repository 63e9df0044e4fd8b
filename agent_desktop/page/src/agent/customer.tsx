/** The customer in front of her: who it is and how sure we are, how he came here, what he owes, when he was last in touch. */

import { languageName, clock, money } from "../format";
import { labelled, t } from "../i18n";
import { Icon } from "../ui/icon";
import type { Customer, PathStep, Pop } from "../wire";
import { Bills } from "./bills";
import { caller, number } from "./caller";
import { Contacts } from "./contacts";

export function CustomerCard({ pop }: { pop: Pop }) {
  const { customer } = pop;
  return (
    <section class="customer" aria-labelledby="customer-name" aria-busy={customer.status === "pending"}>
      <header class="customer-head">
        <div class="customer-who">
          <div class="customer-name">
            <h1 id="customer-name" dir="auto">
              {caller(pop)}
            </h1>
            <Proof customer={customer} />
          </div>
          <p class="customer-lines">
            {number(pop) !== caller(pop) && <span class="number">{number(pop)}</span>}
            {customer.company && <span dir="auto">{customer.company}</span>}
            {customer.id && <span>{t("customer.number", { id: customer.id })}</span>}
            {customer.language && <span>{t("customer.speaks", { language: languageName(customer.language) })}</span>}
          </p>
        </div>
        <Facts pop={pop} />
      </header>
      {!pop.voicemail && <Path pop={pop} />}
      <Shown pop={pop} />
      <Answer customer={customer} />
    </section>
  );
}

function Proof({ customer }: { customer: Customer }) {
  if (customer.status !== "known") return null;
  const kind = customer.verified ? "verified" : customer.typed ? "typed" : "unverified";
  return (
    <span class={`badge ${kind}`} title={t(`customer.${kind}.why`)}>
      <Icon name={kind} size={16} />
      {t(`customer.${kind}`)}
    </span>
  );
}

function Facts({ pop }: { pop: Pop }) {
  const { balance, currency, url } = pop.customer;
  return (
    <dl class="facts">
      {!pop.voicemail && (
        <div>
          <dt>{t("customer.waited")}</dt>
          <dd class="time">{clock(pop.waited)}</dd>
        </div>
      )}
      {balance && (
        <div>
          <dt>{t("bills.total")}</dt>
          <dd>{money(balance, currency ?? "")}</dd>
        </div>
      )}
      {url && /^https?:\/\//.test(url) && (
        <div>
          <dt class="unseen">{t("customer.open")}</dt>
          <dd>
            <a class="button quiet normal" href={url} target="_blank" rel="noopener noreferrer" aria-label={t("customer.open")} title={t("customer.open")}>
              <Icon name="link" />
            </a>
          </dd>
        </div>
      )}
    </dl>
  );
}

function Path({ pop }: { pop: Pop }) {
  const steps = pop.path ?? [];
  const queue = labelled(pop.queue_label, pop.queue);
  // "Products (2) -> Products" says nothing that "Products (2)" does not.
  const last = steps.at(-1);
  const told = last !== undefined && labelled(last.label, last.node) === queue;
  return (
    <div class="path">
      <h2 class="unseen">{t("customer.path")}</h2>
      <ol>
        {pop.entry_point && <li>{pop.entry_point}</li>}
        {steps.map((step, i) => (
          <Step key={i} step={step} />
        ))}
        {steps.length === 0 && <li class="muted">{t("customer.path.none")}</li>}
        {!told && <li class="path-end">{queue}</li>}
      </ol>
    </div>
  );
}

function Step({ step }: { step: PathStep }) {
  return (
    <li>
      <span dir="auto">{labelled(step.label, step.node)}</span>
      {step.said && <kbd>{step.said}</kbd>}
    </li>
  );
}

/** What the flow tells of him. */
function Shown({ pop }: { pop: Pop }) {
  const shown = pop.shown ?? [];
  if (shown.length === 0) return null;
  return (
    <dl class="shown" aria-label={t("customer.shown")}>
      {shown.map(({ label, text }, i) => (
        <div key={i}>
          <dt dir="auto">{labelled(label, "")}</dt>
          <dd dir="auto">{text}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What the customer system said, or that it has not yet. */
function Answer({ customer }: { customer: Customer }) {
  switch (customer.status) {
    case "pending":
      return <Skeleton />;
    case "unknown":
      return <Blank title={t("customer.unknown")} more={t("customer.unknown.more")} />;
    case "unavailable":
      return <Blank title={t("customer.unavailable")} more={t("customer.unavailable.more")} />;
    case "known":
      return (
        <>
          {customer.note && (
            <aside class="customer-note">
              <h2>{t("customer.note")}</h2>
              <p dir="auto" tabIndex={0}>
                {customer.note}
              </p>
            </aside>
          )}
          <div class="customer-columns">
            <Bills customer={customer} />
            <Contacts contacts={customer.contacts ?? []} />
          </div>
        </>
      );
  }
}

function Blank({ title, more }: { title: string; more: string }) {
  return (
    <div class="blank">
      <Icon name="unverified" size={28} />
      <div>
        <strong>{title}</strong>
        <p>{more}</p>
      </div>
    </div>
  );
}

function Skeleton() {
  return (
    <div class="customer-pending">
      <p class="muted" role="status">
        {t("customer.pending")}
      </p>
      <div class="customer-columns" aria-hidden="true">
        {[4, 3].map((lines) => (
          <div key={lines} class="skeleton-lines">
            {Array.from({ length: lines }, (_, i) => (
              <div key={i} class={`skeleton line-${i}`} />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}
