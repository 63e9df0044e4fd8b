import { expect, test } from "vitest";
import { openBills } from "../src/agent/bills";
import { sameAccount } from "../src/phone/model";
import { whyNot } from "../src/phone/microphone";
import { waitingRows } from "../src/supervisor/callers";
import { abandonRate, isStuck } from "../src/supervisor/sums";
import type { Bill, QueueBoard } from "../src/wire";

const bill = (number: string, due: string, paid = false): Bill => ({ number, due, amount: "1.00", currency: "EUR", paid });

test("bills: the unpaid ones, the oldest first", () => {
  const bills = [bill("b", "2026-11-02"), bill("paid", "2026-01-01", true), bill("a", "2026-09-30")];
  expect(openBills(bills).map(({ number }) => number)).toEqual(["a", "b"]);
});

test("waiting callers: over all queues, the longest wait first", () => {
  const queue = (name: string, ...since: number[]): QueueBoard =>
    ({ name, callers: since.map((at) => ({ interaction: `${name}${at}`, number: "", since: at, state: "waiting" })) }) as unknown as QueueBoard;
  const rows = waitingRows([queue("b", 10, 30), queue("p", 20)]);
  expect(rows.map(({ caller }) => caller.interaction)).toEqual(["b10", "p20", "b30"]);
});

test.each([
  ["nobody waits", 0, 0, [], false],
  ["one waits, and somebody is ready", 1, 1, ["waiting"], false],
  ["one waits, and nobody is ready", 1, 0, ["waiting"], true],
  ["the only one's phone rings", 1, 0, ["ringing"], false],
  ["a second one waits behind him", 2, 0, ["ringing", "waiting"], true],
])("a queue is stuck: %s", (_, waiting, ready, states, stuck) => {
  const callers = states.map((state) => ({ state }));
  expect(isStuck({ waiting, ready, callers } as unknown as QueueBoard)).toBe(stuck);
});

test("the abandon rate leaves out who changed his mind", () => {
  expect(abandonRate({ entered: 12, abandoned: 1, short_abandoned: 2 })).toBe(0.1);
  expect(abandonRate({ entered: 2, abandoned: 0, short_abandoned: 2 })).toBeNull();
});

test("the same SIP account, sent again, is the same", () => {
  const account = { uri: "sip:a@b", user: "a", password: "p", ws_url: "ws://b/ws", realm: "asterisk" };
  expect(sameAccount(account, { ...account })).toBe(true);
  expect(sameAccount(account, { ...account, password: "q" })).toBe(false);
  expect(sameAccount(account, null)).toBe(false);
});

test.each([
  ["NotAllowedError", "denied"],
  ["SecurityError", "denied"],
  ["NotFoundError", "missing"],
  ["NotReadableError", "missing"],
])("a microphone error %s means %s", (name, meaning) => {
  expect(whyNot(new DOMException("", name))).toBe(meaning);
});
