/** How an agent's state and phone look everywhere: icon and word (the colour hangs on the class `is-KIND`). */

import { named, t } from "../i18n";
import type { AgentState, Phase, PhoneKind, StateKind } from "../wire";
import type { IconName } from "./icon";

export const STATE_ICONS: Readonly<Record<StateKind, IconName>> = {
  logged_out: "power",
  not_ready: "pause",
  ready: "ready",
  reserved: "incoming",
  busy: "headset",
  after_call_work: "pen",
};

/** How far a call is (the colour hangs on the class `in-PHASE`). */
export const PHASE_ICONS: Readonly<Record<Phase, IconName>> = { ringing: "incoming", connecting: "headset", talking: "headset", wrap_up: "pen", offered: "mail", in_hand: "mail" };

/** The word for a state; a break is called by its reason. */
export function stateWord(state: AgentState): string {
  return state.kind === "not_ready" && state.reason ? named("reason", state.reason) : t(`state.${state.kind}`);
}

/** Nobody is on the line: the phase of the message that the state stands for, or null. `phases`: of all that she does. */
export function messagePhase(state: AgentState, phases: readonly Phase[]): Phase | null {
  const talks = phases.includes("talking") || phases.includes("connecting");
  if (state.kind === "busy" && !talks && phases.includes("in_hand")) return "in_hand";
  return state.kind === "reserved" && phases.includes("offered") ? "offered" : null;
}

export function phoneIcon(kind: PhoneKind): IconName {
  return kind === "desk" ? "phone" : "headset";
}

export function phaseWord(phase: Phase): string {
  switch (phase) {
    case "ringing":
      return t("call.incoming");
    case "connecting":
      return t("call.connecting");
    case "talking":
      return t("call.talking");
    case "offered":
      return t("call.offered");
    case "in_hand":
      return t("call.in_hand");
    case "wrap_up":
      return t("state.after_call_work");
  }
}
