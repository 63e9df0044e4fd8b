/**
 * The browser as a SIP phone: JsSIP registers at the PBX over a WebSocket and takes one call at a time.
 *
 * This module is loaded only when somebody talks in the browser; it carries all of JsSIP.
 */

import { UA, WebSocketInterface } from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import type { SipAccount } from "../wire";
import { whyNot } from "./microphone";
import type { BrowserPhone, PhoneListener } from "./model";
import { RingTone } from "./ring";

const BUSY_HERE = 486;
/** A network interface that leads nowhere must not hold up the answer: after this the candidates found so far must do. */
const ICE_PATIENCE_MS = 400;

/** The PBX may offer the next call before it has said that the one before is over: the two go ways of their own. */
const END_PATIENCE_MS = 2000;

export function makePhone(account: SipAccount, listener: PhoneListener): BrowserPhone {
  return new JsSipPhone(account, listener);
}

class JsSipPhone implements BrowserPhone {
  private readonly agent: UA;
  private readonly tone = new RingTone();
  private readonly sound = document.createElement("audio");
  private session: RTCSession | null = null;
  /** Calls that have come before the end of this one. */
  private next: RTCSession[] = [];

  constructor(
    account: SipAccount,
    private readonly listener: PhoneListener,
  ) {
    this.sound.autoplay = true;
    document.body.append(this.sound);
    this.agent = new UA({
      sockets: new WebSocketInterface(account.ws_url),
      uri: account.uri,
      authorization_user: account.user,
      password: account.password,
      ...(account.realm ? { realm: account.realm } : {}),
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 8,
      user_agent: "Callwright desktop",
    });
    this.follow();
    listener.registration({ kind: "connecting" });
    this.agent.start();
  }

  answer(): void {
    if (this.session?.isInProgress() !== true) return;
    this.tone.stop();
    this.listener.call("answering");
    this.session.answer({ mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers: [] } });
  }

  end(): boolean {
    const session = this.session;
    if (session === null || session.isEnded()) return false;
    session.terminate(session.isInProgress() ? { status_code: BUSY_HERE } : {});
    return true;
  }

  mute(muted: boolean): void {
    if (muted) this.session?.mute({ audio: true });
    else this.session?.unmute({ audio: true });
  }

  register(wanted: boolean): void {
    if (wanted) this.agent.register();
    else this.agent.unregister();
  }

  stop(): void {
    this.tone.stop();
    this.agent.stop();
    this.sound.remove();
  }

  private follow(): void {
    const { agent, listener } = this;
    agent.on("registered", () => listener.registration({ kind: "registered" }));
    agent.on("unregistered", () => listener.registration({ kind: "connecting" }));
    agent.on("registrationFailed", ({ cause }) => listener.registration({ kind: "failed", cause: cause ?? "" }));
    agent.on("disconnected", () => listener.registration({ kind: "no_way" }));
    agent.on("newRTCSession", ({ session }: { session: RTCSession }) => this.arrived(session));
  }

  private arrived(session: RTCSession): void {
    if (session.direction !== "incoming") {
      session.terminate({ status_code: BUSY_HERE });
    } else if (this.session === null) {
      this.take(session);
    } else {
      this.next.push(session);
      setTimeout(() => this.refuse(session), END_PATIENCE_MS);
    }
  }

  private refuse(session: RTCSession): void {
    if (session !== this.session && session.isInProgress()) session.terminate({ status_code: BUSY_HERE });
  }

  private take(session: RTCSession): void {
    this.session = session;
    session.on("peerconnection", ({ peerconnection }) => this.hearThrough(peerconnection));
    session.on("icecandidate", ({ ready }) => setTimeout(ready, ICE_PATIENCE_MS));
    session.on("getusermediafailed", (error: unknown) => this.listener.microphone(whyNot(error)));
    session.on("accepted", () => this.listener.call("talking"));
    session.on("muted", () => this.listener.muted(true));
    session.on("unmuted", () => this.listener.muted(false));
    session.on("ended", () => this.over());
    session.on("failed", () => this.over());
    this.tone.start();
    this.listener.call("incoming");
  }

  private hearThrough(connection: RTCPeerConnection): void {
    connection.addEventListener("track", ({ track, streams }) => {
      this.sound.srcObject = streams[0] ?? new MediaStream([track]);
    });
  }

  private over(): void {
    this.session = null;
    this.tone.stop();
    this.sound.srcObject = null;
    this.listener.muted(false);
    this.listener.call("none");
    this.next = this.next.filter((session) => session.isInProgress());
    const next = this.next.shift();
    if (next !== undefined) this.take(next);
  }
}
