/** What callers have left after the beep: who, when, for how long; heard here. A panel beside everything else, so that a call is never covered. */

import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ago, clock, moment } from "../format";
import { count, labelled, t } from "../i18n";
import { feed, now } from "../state/store";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import type { Voicemail } from "../wire";
import { Sound } from "./sound";
import { change, failed, load, messages, open, unheard, watch, withDone } from "./store";
import "../styles/messages.css";

/** In the bar: opens the panel, and says how many nobody has heard. */
export function MessagesButton() {
  useEffect(watch, []);
  const n = unheard.value;
  return (
    <Button
      kind="quiet"
      icon="tape"
      pressed={open.value}
      label={n === 0 ? t("messages.title") : `${t("messages.title")} ${count("messages.unheard", n)}`}
      onClick={() => {
        open.value = !open.value;
        if (open.value) void load();
      }}
    >
      <span class="messages-word">{t("messages.title")} </span>
      {n > 0 && <b class="messages-count">{n}</b>}
    </Button>
  );
}

export function Messages() {
  useEffect(() => {
    const leave = (event: KeyboardEvent): void => {
      if (event.key === "Escape") open.value = false;
    };
    window.addEventListener("keydown", leave);
    return () => window.removeEventListener("keydown", leave);
  }, []);
  if (!open.value) return null;
  const all = messages.value;
  return (
    <aside class="messages" aria-labelledby="messages-title">
      <header>
        <h2 id="messages-title">{t("messages.title")}</h2>
        <Button kind="quiet" icon="close" label={t("messages.close")} onClick={() => (open.value = false)} />
      </header>
      <label class="messages-filter">
        <input
          type="checkbox"
          checked={withDone.value}
          onChange={(event) => {
            withDone.value = event.currentTarget.checked;
            void load();
          }}
        />
        {t("messages.with_done")}
      </label>
      <div role="alert">{failed.value && <p class="note bad">{t("messages.failed")}</p>}</div>
      {all?.length === 0 && (
        <div class="blank">
          <Icon name="tape" size={28} />
          <p>
            <strong>{t("messages.none")}</strong>
            <br />
            {t("messages.none.more")}
          </p>
        </div>
      )}
      <ul>
        {(all ?? []).map((message) => (
          <Item key={message.id} message={message} />
        ))}
      </ul>
    </aside>
  );
}

function Item({ message }: { message: Voicemail }) {
  const when = useComputed(() => ago(message.at, now.value));
  const fresh = message.heard === undefined && message.done === undefined;
  const number = message.caller || t("messages.withheld");
  const who = message.customer?.name || number;
  const more = [message.customer ? number : null, message.queue ? labelled(message.label, message.queue) : t("messages.no_queue")];
  return (
    <li class={fresh ? "fresh" : ""}>
      <div class="messages-head">
        <strong class="name" dir="auto" title={who}>
          {who}
        </strong>
        {fresh && <span class="pill warn">{t("messages.new")}</span>}
        <span class="time" title={t("messages.length")}>
          {clock(message.seconds)}
        </span>
      </div>
      <small>
        {more.filter(Boolean).join(" · ")} · <span title={moment(message.at)}>{when}</span>
      </small>
      <Sound message={message} who={who} />
      <Deeds message={message} />
    </li>
  );
}

function Deeds({ message }: { message: Voicemail }) {
  const sure = useSignal(false);
  const supervisor = feed.value.user?.role === "supervisor";
  const { heard, done } = message;
  return (
    <div class="messages-deeds">
      <small>{done ? t("messages.done_by", { who: done.by }) : heard ? t("messages.heard_by", { who: heard.by }) : ""}</small>
      {supervisor && !sure.value && (
        <Button asks kind="quiet" onClick={() => (sure.value = true)}>
          {t("messages.remove")}
        </Button>
      )}
      {supervisor && sure.value && (
        <Button asks kind="danger-quiet" onClick={() => void change(message.id, "remove")}>
          {t("messages.remove.sure")}
        </Button>
      )}
      <Button asks kind="plain" {...(done ? {} : { icon: "ready" as const })} onClick={() => void change(message.id, done ? "undone" : "done")}>
        {t(done ? "messages.undone" : "messages.done")}
      </Button>
    </div>
  );
}
