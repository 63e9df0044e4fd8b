import { expect, test } from "vitest";
import { afterwards } from "../src/agent/afterwards";
import { isOver, noticeText } from "../src/agent/notices";
import { followed, inOrder, NOTHING, selected, type Selection } from "../src/agent/selection";
import { span } from "../src/format";
import { install } from "../src/i18n";
import { en } from "../src/i18n/en";
import { zh } from "../src/i18n/zh";
import { breakTime } from "../src/ui/break_time";
import { messagePhase } from "../src/ui/state";
import type { AgentState, Call, Phase, Pop } from "../src/wire";

const call = (interaction: string, phase: Phase, since = 0): Call => ({ pop: { interaction, phase, since } as Call["pop"] });
const shown = (selection: Selection, calls: readonly Call[]): string | undefined => selected(selection, calls)?.pop.interaction;

const WRITES = [call("a", "wrap_up")];
const RINGS = [call("b", "ringing"), call("a", "wrap_up")];

test("her calls: what rings first, then the talk, then what is to be written up", () => {
  const calls = [call("old", "wrap_up", 1), call("talk", "talking", 5), call("new", "wrap_up", 3), call("rings", "ringing", 9)];
  expect(inOrder(calls).map(({ pop }) => pop.interaction)).toEqual(["rings", "talk", "old", "new"]);
});

test("a call that rings comes to the front, and leaves it again to what she looked at", () => {
  const two = [call("a", "wrap_up"), call("c", "wrap_up")];
  const rings = followed({ chosen: "c", front: "" }, two, [call("b", "ringing"), ...two], false);
  expect(shown(rings, [call("b", "ringing"), ...two])).toBe("b");
  expect(shown(followed(rings, [call("b", "ringing"), ...two], two, false), two)).toBe("c");
});

test("it does not take her note away while she types, though she has chosen nothing", () => {
  const typing = followed(NOTHING, WRITES, RINGS, true);
  expect(shown(typing, RINGS)).toBe("a");
  const answered = [call("b", "talking"), call("a", "wrap_up")];
  const talks = followed(typing, RINGS, answered, true);
  expect(shown(talks, answered)).toBe("b");
  expect(shown(followed(talks, answered, WRITES, false), WRITES)).toBe("a");
});

test("a message that is offered asks above her talk; taken, it comes to the front, until a call rings", () => {
  const talk = call("talk", "talking");
  const offered = inOrder([call("m", "offered"), talk]);
  const asked = followed(NOTHING, [talk], offered, false);
  expect(shown(asked, offered)).toBe("talk");
  const taken = inOrder([call("m", "in_hand"), talk]);
  const seesTo = followed(asked, offered, taken, false);
  expect(shown(seesTo, taken)).toBe("m");
  const rings = inOrder([call("m", "in_hand"), call("r", "ringing")]);
  expect(shown(followed(seesTo, taken, rings, false), rings)).toBe("r");
});

const agentState = (kind: AgentState["kind"]): AgentState => ({ kind, since: 0 });

test.each([
  ["in hand", "busy", ["in_hand"], "in_hand"],
  ["in hand while a call rings", "busy", ["ringing", "in_hand"], "in_hand"],
  ["a talk beside it", "busy", ["talking", "in_hand"], null],
  ["offered", "reserved", ["offered"], "offered"],
  ["a call rings", "reserved", ["ringing"], null],
  ["offered while she talks", "busy", ["talking", "offered"], null],
] as const)("what her state is called: %s", (_, kind, phases, expected) => {
  expect(messagePhase(agentState(kind), phases)).toBe(expected);
});

test("what she chooses stays, until another call rings", () => {
  const chosen = { chosen: "a", front: "" };
  expect(shown(followed(chosen, RINGS, RINGS, false), RINGS)).toBe("a");
  const third = [call("c", "ringing"), call("b", "talking"), call("a", "wrap_up")];
  expect(shown(followed(chosen, [call("b", "talking"), ...WRITES], third, false), third)).toBe("c");
});

test("who types in a call that ends does not hold the next one back", () => {
  const next = [call("b", "ringing")];
  expect(shown(followed({ chosen: "a", front: "" }, WRITES, next, true), next)).toBe("b");
  expect(shown(followed(NOTHING, next, [], false), [])).toBeUndefined();
});

const state = (kind: AgentState["kind"], more: Partial<AgentState> = {}): AgentState => ({ kind, since: 100, ...more });

test.each([
  ["no limit", state("not_ready"), "free"],
  ["within it", state("not_ready", { until: 201 }), "left"],
  ["at its end", state("not_ready", { until: 200 }), "over"],
  ["a pause after a missed call", state("not_ready", { until: 190, returns: true }), "returns"],
  ["a wrap-up is no break", state("after_call_work", { until: 150 }), "free"],
])("a break: %s", (_, now, expected) => {
  expect(breakTime(now, 200)).toBe(expected);
});

test("what is said of a missed call is what follows from it", () => {
  install("en", en);
  expect(noticeText({ code: "missed", at: 0 }, state("not_ready"))).toBe("You missed a call. You get no calls until you press Ready.");
  expect(noticeText({ code: "missed", at: 0 }, state("not_ready", { returns: true, until: 130 }))).toContain("by yourself");
  expect(noticeText({ code: "declined", at: 0 }, state("ready"))).toContain("You are Ready");
  expect(noticeText({ code: "missed", at: 0 }, state("after_call_work", { resume: { kind: "ready" } }))).toContain("You are Ready");
  expect(noticeText({ code: "missed", at: 0 }, state("busy", { resume: { kind: "break", reason: "no answer" } }))).toContain("until you press Ready");
  expect(noticeText({ code: "caller_hung_up", at: 0 }, state("ready"))).toBe("The caller hung up.");
  install("zh", zh);
  expect(noticeText({ code: "missed", at: 0 }, state("not_ready"))).toBe("您漏接了一个来电。点击“就绪”之前不会再有来电。");
});

test("what a supervisor has done stays through her calls; what asks nothing of her passes", () => {
  const put = { code: "supervisor_leave_queue", at: 100, by: "Sam", what: "billing" };
  expect([130, 1000, 3600, 3701].map((now) => isOver(put, now, null))).toEqual([false, false, false, true]);
  expect([130, 131].map((now) => isOver({ code: "caller_first", at: 100 }, now, null))).toEqual([false, true]);
  expect(isOver({ code: "missed", at: 100 }, 1e6, null)).toBe(false);
  const ringing = { phase: "ringing", since: 90 } as Pop;
  expect([isOver({ code: "pick_up_failed", at: 100 }, 101, ringing), isOver({ code: "pick_up_failed", at: 80 }, 101, ringing)]).toEqual([false, true]);
});

test("where she is afterwards: with her other calls, on the break that she wished for, or Ready", () => {
  install("en", en);
  expect(afterwards({ kind: "break", reason: "lunch" }, 1, ["lunch"])).toBe("Your other calls stay open.");
  expect(afterwards({ kind: "break", reason: "lunch" }, 0, ["lunch"])).toBe("Then: Lunch.");
  expect(afterwards({ kind: "break", reason: "desktop lost" }, 0, ["lunch"])).toBe("Then: no calls for now.");
  expect(afterwards({ kind: "ready" }, 0, ["lunch"])).toBe("Then: Ready.");
});

test("a length of time is told in minutes if it is whole ones", () => {
  install("en", en);
  expect([span(1800), span(90), span(45)]).toEqual(["30 mins", "1:30", "0:45"]);
  install("zh", zh);
  expect(span(1800)).toMatch(/30\s?分钟/);
});
