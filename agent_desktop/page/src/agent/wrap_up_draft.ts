/** What she has written about her calls and the centre may not have yet: a note for each. */

import { computed, effect, signal } from "@preact/signals";
import { ask, now, online, state } from "../state/store";
import type { Request, WrapUp } from "../wire";
import { calls } from "./calls";
import { saveIn } from "./save_in";

/** By interaction. */
type Drafts = Readonly<Record<string, string>>;

/** Kept by the tab, so that a reload loses no sentence; forgotten when the centre has it, or with the call. */
const STORED = "callwright.notes";
const drafts = signal<Drafts>({});

const wraps = computed(() => calls.value.flatMap(({ wrap_up }) => wrap_up ?? []));
const unsavedOnes = computed(() => wraps.value.filter(unsaved));

/** A note that is about to be sent. `since`: its first letter that is not saved; monotonic milliseconds. */
interface Typing {
  since: number;
  timer: ReturnType<typeof setTimeout>;
}

const typed = new Map<string, Typing>();

/** Called once. */
export function keepTheDrafts(): void {
  drafts.value = JSON.parse(sessionStorage.getItem(STORED) ?? "{}") as Drafts;
  effect(() => {
    if (state.value === null) return;
    const open = new Set(wraps.value.map(({ interaction }) => interaction));
    const rest = Object.entries(drafts.value).filter(([interaction]) => open.has(interaction));
    if (rest.length < Object.keys(drafts.value).length) drafts.value = Object.fromEntries(rest);
  });
  effect(() => {
    if (Object.keys(drafts.value).length === 0) sessionStorage.removeItem(STORED);
    else sessionStorage.setItem(STORED, JSON.stringify(drafts.value));
  });
  // Runs with each letter, and again when the connection is back.
  effect(() => {
    for (const { timer } of typed.values()) clearTimeout(timer);
    if (online.value) unsavedOnes.value.forEach(saveSoon);
  });
  // Closing the page, or leaving it for another, must not wait for a pause in her typing.
  window.addEventListener("pagehide", () => void saveAll());
}

function saveSoon(wrap: WrapUp): void {
  const since = typed.get(wrap.interaction)?.since ?? performance.now();
  const left = typeof wrap.until === "number" ? wrap.until - now.peek() : Infinity;
  const timer = setTimeout(() => void save(wrap.interaction), 1000 * saveIn((performance.now() - since) / 1000, left));
  typed.set(wrap.interaction, { since, timer });
}

/** The note as it stands in the field. */
export function note(wrap: WrapUp): string {
  return drafts.value[wrap.interaction] ?? wrap.note ?? "";
}

/** She has written something that the centre does not have yet. */
export function unsaved(wrap: WrapUp): boolean {
  return note(wrap) !== (wrap.note ?? "");
}

export function write(interaction: string, text: string): void {
  drafts.value = { ...drafts.value, [interaction]: text };
}

/** Classifies the call, says whether the matter is settled if she has, and sends the note along. */
export async function choose(wrap: WrapUp, code: string, solved: boolean | null = wrap.solved ?? null): Promise<boolean> {
  const { interaction } = wrap;
  clearTimeout(typed.get(interaction)?.timer);
  typed.delete(interaction);
  const sent = note(wrap);
  const granted = await ask({ verb: "choose_wrap_up", code, note: sent, interaction, solved });
  // From now on the field shows what the centre has, which another window of hers may change.
  if (granted && drafts.value[interaction] === sent) forget(interaction);
  return granted;
}

function forget(interaction: string): void {
  drafts.value = Object.fromEntries(Object.entries(drafts.value).filter(([one]) => one !== interaction));
}

/** Sends the note if the centre does not have it as it is, with the code that was chosen, or none yet. */
export async function save(interaction: string): Promise<boolean> {
  const wrap = unsavedOnes.value.find((one) => one.interaction === interaction);
  return wrap === undefined || choose(wrap, wrap.chosen ?? "");
}

async function saveAll(): Promise<boolean> {
  const saved = await Promise.all(unsavedOnes.value.map(({ interaction }) => save(interaction)));
  return saved.every(Boolean);
}

/** Saves what she wrote, then asks for what ends her after-call work: to be Ready if nothing else is said. */
export async function finish(wish: Request = { verb: "become_ready" }): Promise<boolean> {
  return (await saveAll()) && ask(wish);
}

/** This call is written up, this message seen to: she goes where she wanted to go afterwards. */
export async function done(interaction: string): Promise<boolean> {
  return (await save(interaction)) && ask({ verb: "finish_wrap_up", interaction });
}

/** What she has in hand is somebody else's; what she has written about it stays with it. */
export async function giveBack(interaction: string): Promise<boolean> {
  return (await save(interaction)) && ask({ verb: "return_task", interaction });
}
