/** What is wrong with her phone, and how to mend it. Nothing if all is well. */

import { t } from "../i18n";
import { checkMicrophone, microphone, registration, soundElsewhere } from "../phone/store";
import { me, reach, state } from "../state/store";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";

export function PhoneTrouble() {
  const working = state.value !== null && state.value.kind !== "logged_out";
  const trouble = working ? (me.value?.phone === "browser" ? browserTrouble() : deskTrouble()) : null;
  if (trouble === null) return null;
  return (
    <div class="note bad" role="alert">
      <Icon name="alert" />
      <p>{trouble.text}</p>
      {trouble.again && <Button onClick={() => void checkMicrophone()}>{t("phone.mic.retry")}</Button>}
    </div>
  );
}

interface Trouble {
  text: string;
  again: boolean;
}

function deskTrouble(): Trouble | null {
  return reach.value?.reachable === false ? { text: t("phone.desk.unreachable"), again: false } : null;
}

function browserTrouble(): Trouble | null {
  switch (microphone.value) {
    case "denied":
      return { text: `${t("phone.mic.denied")} ${t("phone.mic.denied.do")}`, again: true };
    case "missing":
      return { text: t("phone.mic.missing"), again: true };
    case "insecure":
      return { text: t("phone.mic.insecure"), again: false };
    case "granted":
    case "unknown":
      break;
  }
  if (soundElsewhere.value) return { text: t("phone.sound.elsewhere"), again: false };
  const { value } = registration;
  if (value.kind === "no_way") return { text: t("phone.no_way"), again: false };
  return value.kind === "failed" ? { text: t("phone.failed", { cause: value.cause }), again: false } : null;
}
