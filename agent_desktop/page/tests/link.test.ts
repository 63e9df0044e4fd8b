import { beforeEach, describe, expect, test } from "vitest";
import { pause } from "../src/link/backoff";
import { Link, SILENCE, type SocketEvents, type Status, type Ticket } from "../src/link/link";
import type { Feed } from "../src/state/feed";
import type { ServerFrame } from "../src/wire";

/** A server and a browser in one hand: time passes when the test says so. */
class World {
  time = 0;
  answer: Ticket = { kind: "ticket", ticket: "t1" };
  sent: unknown[] = [];
  closed = 0;
  events: SocketEvents | null = null;
  statuses: Status[] = [];
  feeds: Feed[] = [];
  private timers: { at: number; then: () => void }[] = [];

  readonly link = new Link(
    {
      ticket: () => Promise.resolve(this.answer),
      connect: (events) => {
        this.events = events;
        return { send: (text) => this.sent.push(JSON.parse(text)), close: () => this.closed++ };
      },
      later: (seconds, then) => {
        const timer = { at: this.time + seconds, then };
        this.timers.push(timer);
        return () => (this.timers = this.timers.filter((other) => other !== timer));
      },
      now: () => this.time,
      random: () => 0.5,
    },
    {
      status: (status) => this.statuses.push(status),
      feed: (feed) => this.feeds.push(feed),
      beat: () => undefined,
    },
  );

  async pass(seconds: number): Promise<void> {
    const end = this.time + seconds;
    for (;;) {
      const due = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.timers = this.timers.filter((other) => other !== due);
      this.time = due.at;
      due.then();
      await settled();
    }
    this.time = end;
  }

  hear(frame: ServerFrame): void {
    this.events?.heard(JSON.stringify(frame));
  }

  async welcome(): Promise<void> {
    this.link.start();
    await settled();
    this.events?.opened();
    this.hear({ type: "welcome", version: 1, user: { id: "amy", name: "Amy", role: "agent" }, stream: "s.1.0", seq: 1, view: {} });
  }

  get status(): Status | undefined {
    return this.statuses.at(-1);
  }
}

/** Lets promises that are settled already call back. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

let world: World;
beforeEach(() => {
  world = new World();
});

describe("connecting", () => {
  test("shows the ticket first, and is online with the welcome", async () => {
    await world.welcome();
    expect(world.sent).toEqual([{ type: "authenticate", version: 1, ticket: "t1" }]);
    expect(world.status).toEqual({ kind: "online" });
    expect(world.feeds.at(-1)).toMatchObject({ stream: "s.1.0", seq: 1 });
  });

  test("without a session leads to the login, and does not try again", async () => {
    world.answer = { kind: "not_logged_in" };
    world.link.start();
    await settled();
    await world.pass(60);
    expect(world.statuses).toEqual([{ kind: "connecting", attempt: 0 }, { kind: "stopped", code: "logged_out" }]);
  });

  test("to a centre that is away goes on, ever more slowly up to 5 s", async () => {
    world.answer = { kind: "unreachable" };
    world.link.start();
    await settled();
    await world.pass(60);
    const attempts = world.statuses.filter(({ kind }) => kind === "connecting").length;
    expect(attempts).toBeGreaterThan(18);
    expect(attempts).toBeLessThan(30);
  });
});

describe("a lost connection", () => {
  test("is resumed from the last change", async () => {
    await world.welcome();
    world.hear({ type: "change", seq: 2, set: { me: 1 } });
    world.events?.closed();
    expect(world.status).toEqual({ kind: "waiting", attempt: 0 });
    await world.pass(1);
    world.events?.opened();
    expect(world.sent.at(-1)).toEqual({ type: "authenticate", version: 1, ticket: "t1", resume: { stream: "s.1.0", seq: 2 } });
    world.hear({ type: "resumed", version: 1, user: { id: "amy", name: "Amy", role: "agent" }, stream: "s.1.0", seq: 2 });
    expect(world.status).toEqual({ kind: "online" });
  });

  test("is noticed by silence, and a beat breaks the silence", async () => {
    await world.welcome();
    await world.pass(SILENCE - 2);
    world.hear({ type: "beat", at: 1 });
    await world.pass(SILENCE - 1);
    expect(world.status).toEqual({ kind: "online" });
    await world.pass(2);
    expect(world.closed).toBe(1);
    expect(world.statuses.map(({ kind }) => kind)).toContain("waiting");
  });

  test("that is only a gap in the numbers asks for the whole view", async () => {
    await world.welcome();
    world.hear({ type: "change", seq: 3, set: {} });
    await world.pass(1);
    world.events?.opened();
    expect(world.sent.at(-1)).toEqual({ type: "authenticate", version: 1, ticket: "t1" });
  });

  test("is tried again at once when the network is back", async () => {
    world.answer = { kind: "unreachable" };
    world.link.start();
    await settled();
    const before = world.statuses.length;
    world.link.nudge();
    expect(world.statuses.slice(before)).toEqual([{ kind: "connecting", attempt: 1 }]);
  });

  test("says nothing more: a late frame or close of it is not heard", async () => {
    await world.welcome();
    const old = world.events;
    old?.closed();
    await world.pass(1);
    const seen = world.statuses.length;
    old?.heard(JSON.stringify({ type: "error", code: "logged_out", text: "" }));
    old?.closed();
    expect(world.statuses.length).toBe(seen);
  });

  test.each(["replaced", "version", "logged_out"] as const)("by %s stays lost", async (code) => {
    await world.welcome();
    world.hear({ type: "error", code, text: "" });
    await world.pass(60);
    expect(world.status).toEqual({ kind: "stopped", code });
  });
});

describe("a request", () => {
  test("is answered by its number", async () => {
    await world.welcome();
    const [first, second] = [world.link.request({ verb: "become_ready" }), world.link.request({ verb: "take_break", reason: "lunch" })];
    expect(world.sent.slice(1)).toEqual([
      { type: "request", id: "r1", verb: "become_ready" },
      { type: "request", id: "r2", verb: "take_break", reason: "lunch" },
    ]);
    world.hear({ type: "refused", id: "r2", code: "unknown_reason", text: "" });
    world.hear({ type: "granted", id: "r1" });
    expect((await first).type).toBe("granted");
    expect(await second).toMatchObject({ type: "refused", code: "unknown_reason" });
  });

  test("without a connection is refused, before and in the middle", async () => {
    expect(await world.link.request({ verb: "become_ready" })).toMatchObject({ code: "offline" });
    await world.welcome();
    const asked = world.link.request({ verb: "become_ready" });
    world.events?.closed();
    expect(await asked).toMatchObject({ code: "offline" });
  });
});

test("the pauses grow from 0.3 s to 5 s, with chance in them", () => {
  expect(pause(0, 0)).toBeCloseTo(0.3);
  expect(pause(0, 0.999)).toBeLessThan(0.6);
  expect(pause(3, 0.5)).toBeCloseTo(2.55);
  for (const attempt of [5, 50, 2000]) {
    expect(pause(attempt, 0.999)).toBeLessThanOrEqual(5);
    expect(pause(attempt, 0)).toBeCloseTo(0.3);
  }
});
