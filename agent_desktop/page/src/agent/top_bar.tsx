/** The bar on top: the state (the loudest thing on the page), what she may do with it, and the small matters at the right. */

import { useComputed } from "@preact/signals";
import { logOut } from "../api";
import { named, t } from "../i18n";
import { MessagesButton } from "../messages/messages";
import { phoneLamp } from "../phone/model";
import { registration } from "../phone/store";
import { span } from "../format";
import { ask, exit, me, now, online, reach, sip } from "../state/store";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import { LanguageSwitch } from "../ui/language";
import { LinkLamp } from "../ui/link";
import { Menu, type Choice } from "../ui/menu";
import { messagePhase, PHASE_ICONS, phoneIcon, STATE_ICONS, stateWord } from "../ui/state";
import { StateTime } from "../ui/state_time";
import type { AgentState } from "../wire";
import { breakTime } from "../ui/break_time";
import { calls } from "./calls";
import { finish } from "./wrap_up_draft";

const ON_A_CALL = new Set(["reserved", "busy"]);

export function TopBar({ state }: { state: AgentState }) {
  return (
    <header class="bar">
      <StateBlock state={state} />
      <div class="bar-actions">{state.kind !== "logged_out" && <Wishes state={state} />}</div>
      <div class="bar-side">
        <PhoneChooser state={state} />
        <MessagesButton />
        <LinkLamp />
        <LanguageSwitch />
        <Account state={state} />
      </div>
    </header>
  );
}

function StateBlock({ state }: { state: AgentState }) {
  const message = messagePhase(
    state,
    calls.value.map(({ pop }) => pop.phase),
  );
  const over = useComputed(() => breakTime(state, now.value) === "over").value;
  return (
    <section class={`state-block is-${state.kind} ${online.value ? "" : "unsure"} ${over ? "over" : ""}`} aria-label={t("bar.state")}>
      <Icon name={message ? PHASE_ICONS[message] : STATE_ICONS[state.kind]} size={30} />
      <div class="state-words">
        <strong role="status">{message ? t("state.message") : stateWord(state)}</strong>
        <Afterwards state={state} over={over} />
      </div>
      <StateTime state={state} />
    </section>
  );
}

function Afterwards({ state, over }: { state: AgentState; over: boolean }) {
  if (!online.value) return <small>{t("bar.state.unsure")}</small>;
  if (state.kind === "not_ready") return <small>{timeWord(state, over)}</small>;
  if (state.resume?.kind !== "break") return null;
  return <small>{t("bar.then.break", { reason: named("reason", state.resume.reason ?? "break") })}</small>;
}

/** What the time beside it tells. */
function timeWord(state: AgentState, over: boolean): string {
  const { since, until, returns } = state;
  if (typeof until !== "number") return t("state.not_ready");
  if (returns) return t("pause.returns_in");
  return t(over ? "break.over" : "break.left", { limit: span(Math.round(until - since)) });
}

function Wishes({ state }: { state: AgentState }) {
  const later = ON_A_CALL.has(state.kind);
  const breakMeant = state.resume?.kind === "break";
  const breaks: Choice[] = (me.value?.break_reasons ?? []).map((reason) => ({
    key: reason,
    text: named("reason", reason),
    ...limitHint(me.value?.break_limits?.[reason]),
    act: () => void finish({ verb: "take_break", reason }),
  }));
  return (
    <>
      <Button
        asks
        kind={state.kind === "not_ready" ? "primary" : "plain"}
        icon="ready"
        disabled={state.kind === "ready" || (later && !breakMeant)}
        onClick={() => void finish()}
      >
        {later && breakMeant ? t("bar.then.ready") : t("bar.ready")}
      </Button>
      <Menu asks label={t("bar.break.which")} icon="pause" choices={breaks} {...(later ? { head: t("bar.break.after") } : {})}>
        {t(state.kind === "not_ready" ? "bar.other_break" : "bar.break")}
      </Menu>
    </>
  );
}

function limitHint(limit: number | undefined): { hint?: string } {
  return limit === undefined ? {} : { hint: t("bar.break.limit", { limit: span(limit) }) };
}

function PhoneChooser({ state }: { state: AgentState }) {
  const here = me.value;
  if (here === null || state.kind === "logged_out") return null;
  const [look, word] = phoneLamp(here.phone, registration.value.kind, reach.value?.reachable ?? null, online.value);
  const usable = here.phones.filter(({ kind }) => kind !== "browser" || sip.value !== null);
  const choices: Choice[] = usable.map(({ kind }) => ({
    key: kind,
    text: t(`phone.${kind}`),
    icon: phoneIcon(kind),
    chosen: kind === here.phone,
    act: () => void ask({ verb: "log_in", phone: kind }),
  }));
  return (
    <Menu asks label={t("bar.phone")} icon={phoneIcon(here.phone)} look="quiet" choices={choices} disabled={ON_A_CALL.has(state.kind)}>
      {t(`phone.${here.phone}`)}
      <small class={`lamp ${look}`}>{t(word)}</small>
    </Menu>
  );
}

function Account({ state }: { state: AgentState }) {
  const name = me.value?.name ?? "";
  const working = state.kind !== "logged_out";
  const leave = async (): Promise<void> => {
    if (working && !(await finish({ verb: "log_out" }))) return;
    await logOut();
    exit();
  };
  const choices: Choice[] = [{ key: "leave", text: t("bar.leave"), act: () => void leave() }];
  if (working) choices.unshift({ key: "end", text: t("bar.logout"), icon: "power", act: () => void finish({ verb: "log_out" }) });
  return (
    <Menu label={t("bar.account")} icon="person" look="quiet" choices={choices}>
      <strong class="account-name" title={name}>
        {name}
      </strong>
    </Menu>
  );
}
