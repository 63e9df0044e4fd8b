/**
 * What happened to her without her doing: a call missed, a caller who hung up. Goes when she says so, after a while if it asks
 * nothing of her, or with the call that it is about.
 */

import { signal } from "@preact/signals";
import { fill, labelled, named, t } from "../i18n";
import { now, ownQueues, pop } from "../state/store";
import { Icon } from "../ui/icon";
import type { AgentState, Notice, Pop } from "../wire";

const PASSING = new Set(["caller_hung_up", "caller_left", "answered_elsewhere"]);
const PASSING_SECONDS = 30;

const dismissed = signal(0);

/** Her phone did not obey the click on Answer: the call rings on, and she can still pick it up. */
const REFUSES = "pick_up_failed";

export function phoneRefuses(notice: Notice | null, pop: Pop | null): boolean {
  return notice?.code === REFUSES && pop?.phase === "ringing" && notice.at >= pop.since;
}

export function Notices({ notice, state }: { notice: Notice | null; state: AgentState }) {
  const shown = notice !== null && notice.at > dismissed.value && !isOver(notice);
  return (
    <div role="status" class="notice-place">
      {shown && (
        <div class="note warn">
          <Icon name="info" />
          <p>{noticeText(notice, state)}</p>
          <button type="button" class="button quiet normal" aria-label={t("notice.dismiss")} title={t("notice.dismiss")} onClick={() => (dismissed.value = notice.at)}>
            <Icon name="close" size={18} />
          </button>
        </div>
      )}
    </div>
  );
}

/** What happened, and where she stands now: what follows a missed call is the administrator's to say. */
export function noticeText({ code, by, what }: Notice, state: AgentState): string {
  const about = code === "supervisor_break" ? named("reason", what ?? "") : queueName(what ?? "");
  return fill(named("notice", code), { then: t(`notice.then.${standing(state)}`), by: by ?? "", what: about });
}

function queueName(name: string): string {
  const queue = (ownQueues.value ?? []).find((one) => one.name === name);
  return queue ? labelled(queue.label, name) : name;
}

function standing(state: AgentState): "pause" | "ready" | "not_ready" {
  if (state.kind === "not_ready" && state.returns) return "pause";
  const ready = state.kind === "ready" || state.resume?.kind === "ready";
  return ready ? "ready" : "not_ready";
}

function isOver(notice: Notice): boolean {
  if (notice.code === REFUSES) return !phoneRefuses(notice, pop.value);
  return PASSING.has(notice.code) && now.value - notice.at > PASSING_SECONDS;
}
