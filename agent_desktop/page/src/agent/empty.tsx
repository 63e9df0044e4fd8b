/** The middle of the desktop when there is no call: what happens now, and what she can do. */

import { useComputed } from "@preact/signals";
import { t } from "../i18n";
import { now, online, reach } from "../state/store";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import { STATE_ICONS } from "../ui/state";
import type { AgentState } from "../wire";
import { breakTime, type BreakTime } from "../ui/break_time";
import { finish } from "./wrap_up_draft";

export function Empty({ state }: { state: AgentState }) {
  const time = useComputed(() => breakTime(state, now.value)).value;
  const [title, more] = texts(state, time);
  const stuck = isStuck(state);
  return (
    <section class={`empty ${stuck ? "is-not_ready" : `is-${state.kind}`} ${time === "over" ? "over" : ""}`}>
      <span class="empty-icon">
        <Icon name={stuck ? "alert" : STATE_ICONS[state.kind]} size={44} />
      </span>
      <h1>{title}</h1>
      <p>{more}</p>
      {state.kind === "not_ready" && (
        <Button asks kind="primary" size="large" icon="ready" onClick={() => void finish()}>
          {t("bar.ready")}
        </Button>
      )}
    </section>
  );
}

type Stuck = "pbx_taken" | "pbx_away" | "unreachable" | "in_use";

/** Why no call can come; the most general cause first. */
function stuckBecause(): Stuck | null {
  const phone = reach.value;
  if (phone === null) return null;
  if (phone.pbx !== "connected") return phone.pbx === "taken" ? "pbx_taken" : "pbx_away";
  if (phone.reachable === false) return "unreachable";
  return phone.in_use ? "in_use" : null;
}

/** Ready, but no call can come. */
function isStuck(state: AgentState): boolean {
  return state.kind === "ready" && (!online.value || stuckBecause() !== null);
}

/** What ends a break. */
const WHEN = { free: "empty.not_ready.more", left: "empty.not_ready.more", over: "empty.break_over.more", returns: "empty.pause.more" } as const;

function texts(state: AgentState, time: BreakTime): readonly [string, string] {
  if (!online.value) return [t("empty.offline"), t(state.kind === "ready" ? "empty.offline.ready" : "empty.offline.more")];
  const stuck = state.kind === "ready" ? stuckBecause() : null;
  if (stuck !== null) return [t(`empty.${stuck}`), t(`empty.${stuck}.more`)];
  switch (state.kind) {
    case "ready":
      return [t("empty.ready"), t("empty.ready.more")];
    case "not_ready":
      return [t("empty.not_ready"), t(WHEN[time])];
    case "reserved":
    case "busy":
      return [t("call.connecting"), t("customer.pending")];
    case "after_call_work":
    case "logged_out":
      return [t("empty.after"), t("empty.after.more")];
  }
}
