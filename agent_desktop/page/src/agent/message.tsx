/** The message that she is to see to: when it was left and how long it is, its sound, and the number to call back. */

import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ago, clock, moment } from "../format";
import { t } from "../i18n";
import { Sound } from "../messages/sound";
import { follow } from "../messages/store";
import { now } from "../state/store";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import type { Pop, Voicemail } from "../wire";
import { caller } from "./caller";
import "../styles/message.css";

export function MessageCard({ pop, id }: { pop: Pop; id: string }) {
  const message = useSignal<Voicemail | null>(null);
  useEffect(() => follow(id, (found) => (message.value = found)), [id]);
  const when = useComputed(() => ago(pop.arrived, now.value));
  const known = message.value;
  return (
    <section class="message" aria-labelledby="message-title">
      <h2 id="message-title">{t("task.message")}</h2>
      <dl class="message-facts">
        <div>
          <dt>{t("task.left")}</dt>
          <dd title={moment(pop.arrived)}>{when}</dd>
        </div>
        <div>
          <dt>{t("messages.length")}</dt>
          <dd class="time">{known ? clock(known.seconds) : "–"}</dd>
        </div>
        {known?.heard && (
          <div>
            <dt class="unseen">{t("task.heard")}</dt>
            <dd class="muted">{t("messages.heard_by", { who: known.heard.by })}</dd>
          </div>
        )}
      </dl>
      {known && <Sound message={known} who={caller(pop)} />}
      {pop.caller.number !== "" && <CallBack number={pop.caller.number} />}
    </section>
  );
}

/** She calls with whatever phone she has: its number to take along, and a link for a telephone program. */
function CallBack({ number }: { number: string }) {
  const copied = useSignal(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(number);
    copied.value = true;
  };
  return (
    <p class="message-number">
      <a class="button plain normal" href={`tel:${number.replace(/[^+\d*#]/g, "")}`}>
        <Icon name="phone" />
        <span>{t("task.call", { number })}</span>
      </a>
      {/* Browsers give the clipboard to pages over HTTPS only. */}
      {window.isSecureContext && (
        <Button kind="quiet" onClick={() => void copy()}>
          {t(copied.value ? "task.copied" : "task.copy")}
        </Button>
      )}
    </p>
  );
}
