/** What the rest of the page knows of the browser as a phone; JsSIP itself stays in a chunk of its own. */

import type { SipAccount } from "../wire";

export type Registration =
  | { kind: "off" }
  | { kind: "connecting" }
  | { kind: "registered" }
  /** No WebSocket to the PBX. */
  | { kind: "no_way" }
  /** The PBX refused. */
  | { kind: "failed"; cause: string };

export type Microphone = "unknown" | "granted" | "denied" | "missing" | "insecure";

/** The one call that the browser may have. */
export type SipCall = "none" | "incoming" | "answering" | "talking";

export interface PhoneListener {
  registration(registration: Registration): void;
  call(call: SipCall): void;
  muted(muted: boolean): void;
  microphone(microphone: Microphone): void;
}

export interface BrowserPhone {
  answer(): void;
  /** Refuses what rings, ends what is answered. False if the browser has no call. */
  end(): boolean;
  mute(muted: boolean): void;
  /** Whether new calls are to come here. A call that is there goes on either way. */
  register(wanted: boolean): void;
  stop(): void;
}

export type MakePhone = (account: SipAccount, listener: PhoneListener) => BrowserPhone;

/** Whether two accounts are the same: the view sends the account again after each reconnect. */
export function sameAccount(a: SipAccount | null, b: SipAccount | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
