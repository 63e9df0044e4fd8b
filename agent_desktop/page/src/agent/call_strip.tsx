/** The call itself: that it rings, how long she talks, and the buttons for it, always in the same place. */

import { labelled, t } from "../i18n";
import { answer, answering, end, mute, muted, sipCall } from "../phone/store";
import { ask, me, notices, online } from "../state/store";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import { PHASE_ICONS, phaseWord } from "../ui/state";
import { Since } from "../ui/timer";
import type { Pop } from "../wire";
import { caller } from "./caller";
import { phoneRefuses } from "./notices";
import { asks } from "./selection";
import { done, giveBack } from "./wrap_up_draft";

/** `named`: it says who it is, because the middle shows another call. */
export function CallStrip({ pop, named = false }: { pop: Pop; named?: boolean }) {
  if (pop.phase === "wrap_up") return null;
  const queue = labelled(pop.queue_label, pop.queue);
  return (
    <section class={`strip in-${pop.phase}`} aria-label={phaseWord(pop.phase)}>
      <p class="unseen" role="alert">
        {asks(pop.phase) && t(pop.phase === "ringing" ? "call.announce" : "task.announce", { who: caller(pop), queue })}
      </p>
      <Icon name={PHASE_ICONS[pop.phase]} size={30} />
      <div class="strip-words">
        <strong>{phaseWord(pop.phase)}</strong>
        <span dir="auto">{named ? `${caller(pop)} · ${queue}` : queue}</span>
      </div>
      {(pop.phase === "talking" || pop.phase === "in_hand") && <Since at={pop.since} />}
      <div class="strip-actions"><Actions pop={pop} /></div>
    </section>
  );
}

function Actions({ pop }: { pop: Pop }) {
  switch (pop.phase) {
    case "ringing":
      return <Ringing pop={pop} />;
    case "offered":
      return <Offered />;
    case "in_hand":
      return <InHand pop={pop} />;
    default:
      return <Talking pop={pop} />;
  }
}

/** Work that nobody is on the line for. */
function Offered() {
  return (
    <>
      <Button asks kind="answer" size="large" icon="ready" onClick={() => void ask({ verb: "answer_call" })}>
        {t("call.take")}
      </Button>
      <Button asks size="large" icon="close" onClick={() => void ask({ verb: "decline_call" })}>
        {t("task.decline")}
      </Button>
    </>
  );
}

function InHand({ pop: { interaction } }: { pop: Pop }) {
  return (
    <>
      <Button asks size="large" onClick={() => void giveBack(interaction)}>
        {t("task.give_back")}
      </Button>
      <Button asks kind="primary" size="large" icon="ready" onClick={() => void done(interaction)}>
        {t("wrap.done")}
      </Button>
    </>
  );
}

function Ringing({ pop }: { pop: Pop }) {
  const phone = me.value?.phones.find(({ kind }) => kind === me.value?.phone);
  const refuses = phoneRefuses(notices.value, pop);
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

function Talking({ pop }: { pop: Pop }) {
  const here = sipCall.value !== "none";
  // The browser ends its own call at the PBX; without one here (a desk phone, a reloaded page) the centre does it.
  const hangUp = (): void => {
    if (!end()) void ask({ verb: "hang_up_call", interaction: pop.interaction });
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
