/** When the customer was last in touch, and about what. */

import { useComputed } from "@preact/signals";
import { ago, moment } from "../format";
import { labelled, named, slug, t } from "../i18n";
import { now } from "../state/store";
import { Icon, type IconName } from "../ui/icon";
import type { Contact } from "../wire";

const ICONS: Readonly<Record<string, IconName>> = { email: "mail", e_mail: "mail", mail: "mail", letter: "mail", chat: "chat", sms: "chat", visit: "person" };

export function Contacts({ contacts }: { contacts: readonly Contact[] }) {
  const latest = [...contacts].sort((a, b) => b.at - a.at);
  return (
    <section aria-labelledby="contacts-title">
      <h2 id="contacts-title">{t("contacts.title")}</h2>
      {latest.length === 0 && <p class="muted">{t("contacts.none")}</p>}
      <ul class="contacts">
        {latest.map((contact) => (
          <Item key={`${contact.at} ${contact.summary}`} contact={contact} />
        ))}
      </ul>
    </section>
  );
}

function Item({ contact }: { contact: Contact }) {
  const when = useComputed(() => ago(contact.at, now.value));
  const [what, ...more] = words(contact);
  return (
    <li>
      <Icon name={ICONS[slug(contact.channel)] ?? "phone"} size={18} />
      <div>
        <p dir="auto">{what}</p>
        <small>
          {[named("channel", contact.channel), ...more].join(" · ")} · <span title={moment(contact.at)}>{when}</span>
        </small>
      </div>
    </li>
  );
}

/** What it was about, and where and how it ended, in the reader's language; the note is as somebody wrote it. */
export function words(contact: Contact): readonly [string, ...string[]] {
  const { outcome, codes, note } = contact;
  if (!outcome) return [contact.summary];
  const queue = contact.queue ? [labelled(contact.queue, "")] : [];
  const about = [...(codes ?? []).map((code) => named("code", code)), ...(note ? [note] : [])].join(" · ");
  return about === "" ? [ending(outcome, contact), ...queue] : [about, ...queue, ending(outcome, contact)];
}

function ending(outcome: string, { agents }: Contact): string {
  const who = (agents ?? []).join(", ");
  return outcome === "answered" && who !== "" ? t("contacts.answered_by", { who }) : named("outcome", outcome);
}
