import { describe, expect, test } from "vitest";
import { EMPTY, receive, type Feed } from "../src/state/feed";
import { readFrame, type ServerFrame, type User } from "../src/wire";

const AMY: User = { id: "amy", name: "Amy", role: "agent" };
const WELCOME: ServerFrame = { type: "welcome", version: 1, user: AMY, stream: "s.7.0", seq: 7, view: { me: 1, pop: null } };

function after(...frames: ServerFrame[]): Feed {
  return frames.reduce((feed, frame) => receive(feed, frame)[0], EMPTY);
}

describe("a welcome", () => {
  test("brings the whole view", () => {
    const [feed, next] = receive(EMPTY, WELCOME);
    expect(next).toEqual({ kind: "online" });
    expect(feed).toEqual({ user: AMY, stream: "s.7.0", seq: 7, view: { me: 1, pop: null } });
  });

  test("replaces all that was there", () => {
    const feed = after(WELCOME, { type: "change", seq: 8, set: { gone: 1 } }, { ...WELCOME, stream: "t.0.0", seq: 0, view: { me: 2 } });
    expect(feed).toMatchObject({ stream: "t.0.0", seq: 0, view: { me: 2 } });
  });

  test("in another version stops the page, which keeps what it shows", () => {
    const before = after(WELCOME);
    const [feed, next] = receive(before, { ...WELCOME, version: 2 });
    expect(next).toEqual({ kind: "stop", code: "version" });
    expect(feed).toBe(before);
  });
});

describe("a change", () => {
  test("sets and unsets keys, and leaves the others the very same", () => {
    const before = after(WELCOME, { type: "change", seq: 8, set: { queues: [1], notice: 5 } });
    const [feed, next] = receive(before, { type: "change", seq: 9, set: { me: 2 }, unset: ["notice", "never_there"] });
    expect(next).toEqual({ kind: "go_on" });
    expect(feed.view).toEqual({ me: 2, pop: null, queues: [1] });
    expect(feed.view["queues"]).toBe(before.view["queues"]);
  });

  test.each([7, 9, 6, 0])("numbered %i instead of 8 starts over, without a resume", (seq) => {
    const [feed, next] = receive(after(WELCOME), { type: "change", seq, set: { me: 9 } });
    expect(next).toEqual({ kind: "start_over" });
    expect(feed.stream).toBe("");
    expect(feed.view).toEqual({ me: 1, pop: null });
  });
});

describe("a resumption", () => {
  test("keeps the view, and the missed changes follow", () => {
    const [feed, next] = receive(after(WELCOME), { type: "resumed", version: 1, user: AMY, stream: "s.7.0", seq: 7 });
    expect(next).toEqual({ kind: "online" });
    expect(receive(feed, { type: "change", seq: 8, set: { me: 2 } })[0].view).toEqual({ me: 2, pop: null });
  });

  test.each([
    { stream: "other", user: AMY },
    { stream: "s.7.0", user: { ...AMY, id: "bob" } },
  ])("of something else ($stream, $user.id) starts over", ({ stream, user }) => {
    expect(receive(after(WELCOME), { type: "resumed", version: 1, user, stream, seq: 7 })).toEqual([EMPTY, { kind: "start_over" }]);
  });
});

describe("an error", () => {
  test.each(["logged_out", "replaced", "version", "origin"])("%s stops the page", (code) => {
    expect(receive(after(WELCOME), { type: "error", code, text: "" })[1]).toEqual({ kind: "stop", code });
  });

  test.each(["ticket", "too_slow", "going_away", "something_new"])("%s leaves it to the closing socket", (code) => {
    expect(receive(after(WELCOME), { type: "error", code, text: "" })[1]).toEqual({ kind: "go_on" });
  });
});

describe("reading a frame", () => {
  test("takes what the protocol knows", () => expect(readFrame('{"type":"beat","at":3}')).toEqual({ type: "beat", at: 3 }));

  test.each(["", "{", "null", "3", "[]", '"beat"', "{}", '{"type":7}', '{"type":"later_invention"}'])("passes over %s", (text) => {
    expect(readFrame(text)).toBeNull();
  });
});
