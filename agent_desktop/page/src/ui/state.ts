/** How an agent's state and phone look everywhere: icon and word (the colour hangs on the class `is-KIND`). */

import { named, t } from "../i18n";
import type { AgentState, PhoneKind, StateKind } from "../wire";
import type { IconName } from "./icon";

export const STATE_ICONS: Readonly<Record<StateKind, IconName>> = {
  logged_out: "power",
  not_ready: "pause",
  ready: "ready",
  reserved: "incoming",
  busy: "headset",
  after_call_work: "pen",
};

/** The word for a state; a break is called by its reason. */
export function stateWord(state: AgentState): string {
  return state.kind === "not_ready" && state.reason ? named("reason", state.reason) : t(`state.${state.kind}`);
}

export function phoneIcon(kind: PhoneKind): IconName {
  return kind === "desk" ? "phone" : "headset";
}
