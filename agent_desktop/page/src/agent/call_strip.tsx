/** The call itself: that it rings, how long she talks, and the buttons for it, always in the same place. */

import { labelled, t } from "../i18n";
import { answer, answering, end, mute, muted, sipCall } from "../phone/store";
import { ask, me, notice, online } from "../state/store";
import { Button } from "../ui/button";
import { Icon, type IconName } from "../ui/icon";
import { Since } from "../ui/timer";
import type { Pop } from "../wire";
import { caller } from "./caller";
import { phoneRefuses } from "./notices";

type Phase = Exclude<Pop["phase"], "wrap_up">;

const ICONS: Readonly<Record<Phase, IconName>> = { ringing: "incoming", connecting: "headset", talking: "headset" };

export function CallStrip({ pop }: { pop: Pop }) {
  if (pop.phase === "wrap_up") return null;
  const queue = labelled(pop.queue_label, pop.queue);
  const ringing = pop.phase === "ringing";
  return (
    <section class={`strip in-${pop.phase}`} aria-label={phaseWord(pop.phase)}>
      <p class="unseen" role="alert">
        {ringing && t("call.announce", { who: caller(pop), queue })}
      </p>
      <Icon name={ICONS[pop.phase]} size={30} />
      <div class="strip-words">
        <strong>{phaseWord(pop.phase)}</strong>
        <span>{queue}</span>
      </div>
      {pop.phase === "talking" && <Since at={pop.since} />}
      <div class="strip-actions">{ringing ? <Ringing pop={pop} /> : <Talking />}</div>
    </section>
  );
}

function phaseWord(phase: Phase): string {
  switch (phase) {
    case "ringing":
      return t("call.incoming");
    case "connecting":
      return t("call.connecting");
    case "talking":
      return t("call.talking");
  }
}

function Ringing({ pop }: { pop: Pop }) {
  const phone = me.value?.phones.find(({ kind }) => kind === me.value?.phone);
  const refuses = phoneRefuses(notice.value, pop);
  const decline = (): void => {
    if (online.value) void ask({ verb: "decline_call" });
    end();
  };
  return (
    <>
      {phone?.kind === "desk" && (refuses || !phone.click_to_answer) && <strong class="pick-up">{t("call.pick_up")}</strong>}
      {phone?.kind === "browser" && (
        <Button kind="answer" size="large" icon="phone" disabled={answering.value} onClick={answer}>
          {answering.value ? t("call.answering") : t("call.answer")}
        </Button>
      )}
      {phone?.kind === "desk" && phone.click_to_answer && (
        <Button asks kind={refuses ? "plain" : "answer"} size="large" icon="phone" onClick={() => void ask({ verb: "answer_call" })}>
          {t("call.answer")}
        </Button>
      )}
      <Button key={pop.interaction} asks={sipCall.value === "none"} kind="danger" size="large" icon="hang_up" onClick={decline}>
        {t("call.decline")}
      </Button>
    </>
  );
}

function Talking() {
  const here = sipCall.value !== "none";
  // The browser ends its own call at the PBX; without one here (a desk phone, a reloaded page) the centre does it.
  const hangUp = (): void => {
    if (!end()) void ask({ verb: "hang_up_call" });
  };
  return (
    <>
      {sipCall.value === "talking" && (
        <Button size="large" icon={muted.value ? "mic_off" : "mic"} pressed={muted.value} onClick={() => mute(!muted.value)}>
          {muted.value ? t("call.unmute") : t("call.mute")}
        </Button>
      )}
      <Button asks={!here} kind="danger" size="large" icon="hang_up" onClick={hangUp}>
        {t("call.hang_up")}
      </Button>
    </>
  );
}
