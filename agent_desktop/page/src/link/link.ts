/**
 * The connection to the centre: it asks for a ticket, authenticates, hears the view and its changes, and comes back by itself.
 *
 *     start --> ticket --> socket --> authenticate --> online --(closed, silent, gap)--> pause --> ticket ...
 *                 |                                       |
 *                 +-- 401 --> stopped(logged_out)         +-- error replaced, version, ... --> stopped(code)
 *
 * All that touches the world (socket, timers, chance) comes in from outside, so that the tests drive it by hand.
 */

import { EMPTY, receive, type Feed, type StopCode } from "../state/feed";
import { readFrame, VERSION, type Beat, type ClientFrame, type Granted, type Refused, type Request } from "../wire";
import { pause } from "./backoff";

/** The server beats every 5 s; after this much silence it is lost, whatever TCP says. Seconds. */
export const SILENCE = 12;

export interface Socket {
  send(text: string): void;
  close(): void;
}

export interface SocketEvents {
  opened(): void;
  heard(text: string): void;
  closed(): void;
}

export type Ticket = { kind: "ticket"; ticket: string } | { kind: "not_logged_in" } | { kind: "unreachable" };

export interface Surroundings {
  ticket(): Promise<Ticket>;
  connect(events: SocketEvents): Socket;
  /** Calls back once after so many seconds; returns what takes it back. */
  later(seconds: number, then: () => void): () => void;
  /** Monotonic, seconds. */
  now(): number;
  random(): number;
}

export type Status =
  | { kind: "connecting"; attempt: number }
  | { kind: "online" }
  | { kind: "waiting"; attempt: number }
  | { kind: "stopped"; code: StopCode };

export type Answer = Granted | Refused;

export interface Listener {
  status(status: Status): void;
  feed(feed: Feed): void;
  beat(beat: Beat): void;
}

export class Link {
  private feed: Feed = EMPTY;
  private socket: Socket | null = null;
  private online = false;
  private attempt = 0;
  /** Counts connections, so that what a given-up one still says is not taken for the present one's. */
  private generation = 0;
  private lastHeard = 0;
  private requests = 0;
  private readonly waiting = new Map<string, (answer: Answer) => void>();
  private cancelTimer: () => void = () => undefined;

  constructor(
    private readonly world: Surroundings,
    private readonly listener: Listener,
  ) {}

  start(): void {
    void this.open();
  }

  /** Closes for good; the object is not used afterwards. */
  stop(): void {
    this.drop();
  }

  /** The network is back, or she looks at the page again: do not sit out the pause. */
  nudge(): void {
    if (this.socket === null && !this.online) {
      this.cancelTimer();
      void this.open();
    } else {
      this.checkSilence();
    }
  }

  /** Asks the centre for something. Without a connection the answer is a refusal with the code `offline`. */
  request(request: Request): Promise<Answer> {
    const id = `r${++this.requests}`;
    if (!this.online) return Promise.resolve(offline(id));
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.send({ type: "request", id, ...request });
    });
  }

  /** The pop of this interaction has been painted. */
  seen(interaction: string): void {
    if (this.online) this.send({ type: "seen", pop: interaction });
  }

  private send(frame: ClientFrame): void {
    this.socket?.send(JSON.stringify(frame));
  }

  private async open(): Promise<void> {
    const generation = ++this.generation;
    this.listener.status({ kind: "connecting", attempt: this.attempt });
    const answer = await this.world.ticket();
    if (generation !== this.generation) return;
    if (answer.kind === "not_logged_in") return this.halt("logged_out");
    if (answer.kind === "unreachable") return this.retry();
    this.lastHeard = this.world.now();
    this.socket = this.world.connect({
      opened: () => generation === this.generation && this.authenticate(answer.ticket),
      heard: (text) => generation === this.generation && this.hear(text),
      closed: () => generation === this.generation && this.retry(),
    });
    this.watch();
  }

  private authenticate(ticket: string): void {
    const { stream, seq } = this.feed;
    const resume = stream === "" ? {} : { resume: { stream, seq } };
    this.send({ type: "authenticate", version: VERSION, ticket, ...resume });
  }

  private hear(text: string): void {
    this.lastHeard = this.world.now();
    const frame = readFrame(text);
    if (frame === null) return;
    if (frame.type === "granted" || frame.type === "refused") return this.settle(frame);
    if (frame.type === "beat") return this.listener.beat(frame);
    const [feed, next] = receive(this.feed, frame);
    this.feed = feed;
    switch (next.kind) {
      case "online":
        this.online = true;
        this.attempt = 0;
        this.listener.feed(feed);
        this.listener.status({ kind: "online" });
        return;
      case "go_on":
        if (frame.type === "change") this.listener.feed(feed);
        return;
      case "start_over":
        return this.retry();
      case "stop":
        return this.halt(next.code);
    }
  }

  private settle(answer: Answer): void {
    this.waiting.get(answer.id)?.(answer);
    this.waiting.delete(answer.id);
  }

  private watch(): void {
    this.cancelTimer = this.world.later(1, () => {
      this.checkSilence();
      if (this.socket !== null) this.watch();
    });
  }

  private checkSilence(): void {
    if (this.socket !== null && this.world.now() - this.lastHeard > SILENCE) this.retry();
  }

  private retry(): void {
    this.drop();
    const attempt = this.attempt++;
    this.listener.status({ kind: "waiting", attempt });
    this.cancelTimer = this.world.later(pause(attempt, this.world.random()), () => void this.open());
  }

  private halt(code: StopCode): void {
    this.drop();
    this.listener.status({ kind: "stopped", code });
  }

  private drop(): void {
    this.generation++;
    this.cancelTimer();
    this.online = false;
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    for (const [id, resolve] of this.waiting) resolve(offline(id));
    this.waiting.clear();
  }
}

function offline(id: string): Refused {
  return { type: "refused", id, code: "offline", text: "not connected to the centre" };
}
