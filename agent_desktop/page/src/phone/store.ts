/** The browser phone as the page sees it: started when she works on it, stopped when she does not, and its state for all to look at. */

import { computed, effect, signal } from "@preact/signals";
import { me, pop, session, sip, state } from "../state/store";
import type { SipAccount } from "../wire";
import { askForMicrophone } from "./microphone";
import { sameAccount, type BrowserPhone, type Microphone, type Registration, type SipCall } from "./model";

export const registration = signal<Registration>({ kind: "off" });
export const sipCall = signal<SipCall>("none");
export const muted = signal(false);
export const microphone = signal<Microphone>("unknown");

/** She said Answer before the call had reached the browser: the pop is faster than the PBX. */
const eager = signal(false);
export const answering = computed(() => eager.value || sipCall.value === "answering");

/** The interaction whose sound is, or was, in this very window. */
const heardHere = signal<string | null>(null);
/** She talks in a browser, but not in this window: it was reloaded, or the call is in another one. */
export const soundElsewhere = computed(
  () => me.value?.phone === "browser" && pop.value?.phase === "talking" && heardHere.value !== pop.value.interaction,
);

/** Another window of hers is the telephone now. What rings or talks here stays until it ends, so that nobody is cut off. */
const replaced = computed(() => session.value.kind === "stopped");

/** The account to register with; null while she does not work on this phone. */
const wanted = computed<SipAccount | null>(() => {
  if (replaced.value && sipCall.value === "none") return null;
  const working = state.value !== null && state.value.kind !== "logged_out";
  return working && me.value?.phone === "browser" ? sip.value : null;
});

let phone: BrowserPhone | null = null;
let account: SipAccount | null = null;
let wasReplaced = false;

/** Follows what she chose. Called once. */
export function watchThePhone(): void {
  effect(() => {
    const next = wanted.value;
    if (!sameAccount(account, next)) void change(next);
  });
  effect(() => {
    const elsewhere = replaced.value;
    if (elsewhere !== wasReplaced) phone?.register(!elsewhere);
    wasReplaced = elsewhere;
  });
  effect(() => {
    if (sipCall.value === "incoming" && eager.value) {
      eager.value = false;
      phone?.answer();
    }
  });
  effect(() => {
    if (pop.value?.phase !== "ringing") eager.value = false;
  });
  effect(() => {
    if (sipCall.value !== "none" && pop.value !== null) heardHere.value = pop.value.interaction;
  });
  window.addEventListener("beforeunload", (event) => {
    if (sipCall.value === "talking") event.preventDefault();
  });
}

async function change(next: SipAccount | null): Promise<void> {
  account = next;
  phone?.stop();
  phone = null;
  registration.value = { kind: next === null ? "off" : "connecting" };
  sipCall.value = "none";
  if (next === null) return;
  void checkMicrophone();
  const { makePhone } = await import("./browser_phone");
  if (account !== next) return;
  // A phone that was stopped still says goodbye; only the present one is heard.
  const present = (): boolean => account === next;
  phone = makePhone(next, {
    registration: (now) => present() && (registration.value = now),
    call: (now) => present() && (sipCall.value = now),
    muted: (now) => present() && (muted.value = now),
    microphone: (now) => present() && (microphone.value = now),
  });
}

export async function checkMicrophone(): Promise<void> {
  microphone.value = await askForMicrophone();
}

export function answer(): void {
  if (sipCall.value === "incoming") phone?.answer();
  else eager.value = true;
}

/** Ends the call in this browser; false if it has none, and the centre has to do it. */
export function end(): boolean {
  return phone?.end() ?? false;
}

export function mute(silent: boolean): void {
  phone?.mute(silent);
}
