/** What she has written about the call and the centre may not have yet: the chosen code and the note. */

import { computed, effect, signal } from "@preact/signals";
import { ask, me, now, online, state, wrapUp } from "../state/store";
import type { Request } from "../wire";
import { saveIn } from "./save_in";

interface Draft {
  interaction: string;
  note: string;
}

/** Kept by the tab, so that a reload loses no sentence; forgotten when the centre has it, or with the call. */
const STORED = "callwright.note";
const draft = signal<Draft | null>(null);

/** The note as it stands in the field. */
const text = computed(() => {
  const wrap = wrapUp.value;
  if (wrap === null) return "";
  return draft.value?.interaction === wrap.interaction ? draft.value.note : (wrap.note ?? "");
});

/** She has written something that the centre does not have yet. */
export const unsaved = computed(() => wrapUp.value !== null && text.value !== (wrapUp.value.note ?? ""));

let timer: ReturnType<typeof setTimeout> | undefined;
/** When she typed the first letter that is not saved; monotonic milliseconds. */
let since: number | null = null;

/** Called once. */
export function keepTheDraft(): void {
  draft.value = JSON.parse(sessionStorage.getItem(STORED) ?? "null") as Draft | null;
  effect(() => {
    if (state.value !== null && wrapUp.value === null) draft.value = null;
  });
  effect(() => {
    if (draft.value === null) sessionStorage.removeItem(STORED);
    else sessionStorage.setItem(STORED, JSON.stringify(draft.value));
  });
  // Runs with each letter, and again when the connection is back.
  effect(() => {
    clearTimeout(timer);
    if (!unsaved.value || !online.value || draft.value === null) return;
    since ??= performance.now();
    const until = wrapUp.value?.until;
    const left = typeof until === "number" ? until - now.peek() : Infinity;
    timer = setTimeout(() => void save(), 1000 * saveIn((performance.now() - since) / 1000, left));
  });
  // Closing the page, or leaving it for another, must not wait for a pause in her typing.
  window.addEventListener("pagehide", () => void save());
}

export function note(): string {
  return text.value;
}

export function write(text: string): void {
  if (wrapUp.value !== null) draft.value = { interaction: wrapUp.value.interaction, note: text };
}

/** Classifies the call, and sends the note along. */
export function choose(code: string): Promise<boolean> {
  return send(code);
}

/** Sends the note if the centre does not have it as it is, with the code that was chosen, or none yet. */
export async function save(): Promise<boolean> {
  return !unsaved.value || send(wrapUp.value?.chosen ?? "");
}

async function send(code: string): Promise<boolean> {
  clearTimeout(timer);
  since = null;
  const sent = draft.value;
  const granted = await ask({ verb: "choose_wrap_up", code, note: text.value });
  // From now on the field shows what the centre has, which another window of hers may change.
  if (granted && draft.value === sent) draft.value = null;
  return granted;
}

/** Saves what she wrote, then asks for what ends her after-call work: to be Ready if nothing else is said. */
export async function finish(wish: Request = { verb: "become_ready" }): Promise<boolean> {
  return (await save()) && ask(wish);
}

/** The break that she wants after this call. One that she did not choose, because her desktop was gone, is no wish. */
export function breakMeant(): string | null {
  const after = state.value?.resume;
  const reason = after?.kind === "break" ? (after.reason ?? "") : "";
  return me.value?.break_reasons.includes(reason) === true ? reason : null;
}

/** Saves what she wrote and goes where she wanted to go after this call. */
export function finishAsMeant(): Promise<boolean> {
  const reason = breakMeant();
  return reason === null ? finish() : finish({ verb: "take_break", reason });
}
