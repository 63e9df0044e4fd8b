/** The messages that callers have left, as far as this reader may hear them; asked for anew now and then, and after each deed. */

import { computed, signal } from "@preact/signals";
import { changeVoicemail, voicemail, voicemails } from "../api";
import type { Voicemail, VoicemailVerb } from "../wire";

const WHILE_OPEN = 15_000;
const WHILE_IN_HAND = 5_000;
const WHILE_CLOSED = 60_000;

export const open = signal(false);
export const withDone = signal(false);
export const messages = signal<readonly Voicemail[] | null>(null);
/** Whether the centre has not answered the last time. */
export const failed = signal(false);
export const unheard = computed(() => (messages.value ?? []).filter(({ heard, done }) => heard === undefined && done === undefined).length);

export async function load(): Promise<void> {
  const wanted = withDone.value;
  const found = await voicemails(wanted);
  if (wanted !== withDone.value) return; // asked otherwise meanwhile
  failed.value = found === null;
  if (found !== null) messages.value = found;
}

export async function change(id: string, verb: VoicemailVerb): Promise<void> {
  failed.value = !(await changeVoicemail(id, verb));
  await load();
}

/** Follows one message, which somebody has to see to, until it can be heard and for as long as it is looked at; gives what ends that. */
export function follow(id: string, tell: (message: Voicemail) => void): () => void {
  const look = async (): Promise<void> => {
    const found = await voicemail(id);
    if (found !== null && timer !== undefined) tell(found);
  };
  let timer: ReturnType<typeof setInterval> | undefined = setInterval(() => void look(), WHILE_IN_HAND);
  void look();
  return () => {
    clearInterval(timer);
    timer = undefined;
  };
}

/** Keeps the list fresh while somebody is here; gives what ends that. */
export function watch(): () => void {
  let asked = -Infinity;
  const look = (): void => {
    const age = Date.now() - asked;
    if (age < (open.value ? WHILE_OPEN : WHILE_CLOSED) - 500) return;
    asked = Date.now();
    void load();
  };
  look();
  const timer = setInterval(look, WHILE_OPEN);
  return () => clearInterval(timer);
}
