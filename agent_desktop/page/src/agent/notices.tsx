/**
 * What happened to her without her doing: a call missed, a caller who hung up, a supervisor who put her elsewhere. Goes when she
 * says so, after a while if it asks nothing of her, or with the call that it is about.
 */

import { signal } from "@preact/signals";
import { fill, labelled, named, t } from "../i18n";
import { now, ownQueues, pop } from "../state/store";
import { Icon } from "../ui/icon";
import type { AgentState, Notice, Pop } from "../wire";

const PASSING = new Set(["caller_hung_up", "caller_left", "answered_elsewhere", "caller_first"]);
const PASSING_SECONDS = 30;
/** What somebody has done stays through all her calls, but is no news for ever. */
const BY_SOMEBODY_SECONDS = 3600;

const dismissed = signal<ReadonlySet<string>>(new Set());

/** Her phone did not obey the click on Answer: the call rings on, and she can still pick it up. */
const REFUSES = "pick_up_failed";

export function phoneRefuses(notices: readonly Notice[], pop: Pop | null): boolean {
  return notices.some(({ code, at }) => code === REFUSES && pop?.phase === "ringing" && at >= pop.since);
}

export function Notices({ notices, state }: { notices: readonly Notice[]; state: AgentState }) {
  const shown = notices.filter((notice) => !dismissed.value.has(keyOf(notice)) && !isOver(notice, now.value, pop.value));
  return (
    <div role="status" class="notice-place">
      {shown.map((notice) => (
        <div key={keyOf(notice)} class="note warn">
          <Icon name="info" />
          <p>{noticeText(notice, state)}</p>
          <button type="button" class="button quiet normal" aria-label={t("notice.dismiss")} title={t("notice.dismiss")} onClick={() => dismiss(notice)}>
            <Icon name="close" size={18} />
          </button>
        </div>
      ))}
    </div>
  );
}

function dismiss(notice: Notice): void {
  dismissed.value = new Set([...dismissed.value, keyOf(notice)]);
}

function keyOf({ code, at, what }: Notice): string {
  return `${at} ${code} ${what ?? ""}`;
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

/** Whether it is of no interest any more, though she has not said so. */
export function isOver(notice: Notice, now: number, pop: Pop | null): boolean {
  if (notice.code === REFUSES) return !phoneRefuses([notice], pop);
  const age = now - notice.at;
  return (PASSING.has(notice.code) && age > PASSING_SECONDS) || (!!notice.by && age > BY_SOMEBODY_SECONDS);
}
