/** When the customer was last in touch, and about what. */

import { useComputed } from "@preact/signals";
import { ago, moment } from "../format";
import { named, slug, t } from "../i18n";
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
  return (
    <li>
      <Icon name={ICONS[slug(contact.channel)] ?? "phone"} size={18} />
      <div>
        <p dir="auto">{contact.summary}</p>
        <small>
          {named("channel", contact.channel)} · <span title={moment(contact.at)}>{when}</span>
        </small>
      </div>
    </li>
  );
}
