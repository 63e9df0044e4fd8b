/** What the rest of the page knows of the browser as a phone; JsSIP itself stays in a chunk of its own. */

import type { PhoneKind, SipAccount } from "../wire";

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

export type Lamp = "good" | "bad" | "unknown";
export type LampWord = "phone.reachable" | "phone.unreachable" | "phone.unknown" | "phone.registering";

/**
 * How the chosen phone is. Without the centre nobody tells whether the PBX reaches it; and a browser that has not registered knows
 * more about itself than the PBX does.
 */
export function phoneLamp(kind: PhoneKind, own: Registration["kind"], reachable: boolean | null, online: boolean): readonly [Lamp, LampWord] {
  if (kind === "browser" && (own === "no_way" || own === "failed")) return ["bad", "phone.unreachable"];
  if (kind === "browser" && own === "connecting") return ["unknown", "phone.registering"];
  if (!online || reachable === null || (kind === "browser" && own === "off")) return ["unknown", "phone.unknown"];
  return reachable ? ["good", "phone.reachable"] : ["bad", "phone.unreachable"];
}

/** Whether two accounts are the same: the view sends the account again after each reconnect. */
export function sameAccount(a: SipAccount | null, b: SipAccount | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
