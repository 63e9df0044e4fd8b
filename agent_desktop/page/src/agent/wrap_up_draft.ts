/** What she has written about the call and the centre may not have yet: the chosen code and the note. */

import { effect, signal } from "@preact/signals";
import { ask, me, state, wrapUp } from "../state/store";

/** Seconds of rest after the last key before a note is saved. */
export const REST = 0.8;

interface Draft {
  interaction: string;
  note: string;
}

/** Kept by the tab, so that a reload loses no sentence; forgotten with the call. */
const STORED = "callwright.note";
const draft = signal<Draft | null>(null);

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
}

/** The note as it stands in the field. */
export function note(): string {
  const wrap = wrapUp.value;
  if (wrap === null) return "";
  return draft.value?.interaction === wrap.interaction ? draft.value.note : (wrap.note ?? "");
}

export function write(text: string): void {
  if (wrapUp.value !== null) draft.value = { interaction: wrapUp.value.interaction, note: text };
}

/** She has written something that cannot be saved yet: a note travels with a code. */
export function waitsForCode(): boolean {
  const wrap = wrapUp.value;
  return wrap !== null && !wrap.chosen && wrap.codes.length > 0 && note().trim() !== "";
}

/** Classifies the call, and sends the note along. */
export async function choose(code: string): Promise<void> {
  await ask({ verb: "choose_wrap_up", code, note: note() });
}

/** Sends what the centre does not have yet. A note needs a code to travel with, unless the queue has no codes. */
export async function save(): Promise<boolean> {
  const wrap = wrapUp.value;
  if (wrap === null || note() === (wrap.note ?? "")) return true;
  const code = wrap.chosen ?? (wrap.codes.length === 0 ? "note" : null);
  return code === null || ask({ verb: "choose_wrap_up", code, note: note() });
}

/** Saves what she wrote and makes her Ready. */
export async function finish(): Promise<void> {
  if (await save()) await ask({ verb: "become_ready" });
}

/** The break that she wants after this call. One that she did not choose, because her desktop was gone, is no wish. */
export function breakMeant(): string | null {
  const after = state.value?.resume;
  const reason = after?.kind === "break" ? (after.reason ?? "") : "";
  return me.value?.break_reasons.includes(reason) === true ? reason : null;
}

/** Saves what she wrote and goes where she wanted to go after this call. */
export async function finishAsMeant(): Promise<void> {
  const reason = breakMeant();
  if (reason === null) return finish();
  if (await save()) await ask({ verb: "take_break", reason });
}
