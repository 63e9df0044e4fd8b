/** What she has written about the call and the centre may not have yet: the chosen code and the note. */

import { signal } from "@preact/signals";
import { ask, state, wrapUp } from "../state/store";

/** Seconds of rest after the last key before a note is saved. */
export const REST = 0.8;

interface Draft {
  interaction: string;
  note: string;
}

const draft = signal<Draft | null>(null);

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

/** Saves what she wrote and goes where she wanted to go after this call. */
export async function finishAsMeant(): Promise<void> {
  const after = state.value?.resume;
  if (after?.kind !== "break") return finish();
  if (await save()) await ask({ verb: "take_break", reason: after.reason ?? "break" });
}
