import { expect, test } from "vitest";
import { openBills } from "../src/agent/bills";
import { words } from "../src/agent/contacts";
import { install } from "../src/i18n";
import { en } from "../src/i18n/en";
import { zh } from "../src/i18n/zh";
import { phoneLamp, sameAccount } from "../src/phone/model";
import { whyNot } from "../src/phone/microphone";
import { waitingRows } from "../src/supervisor/callers";
import { abandonRate, adds, ENDINGS, happened, isStuck } from "../src/supervisor/sums";
import type { Bill, Contact, QueueBoard, Today } from "../src/wire";

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

test("the books: what entered is every ending and who still waits", () => {
  const endings = { answered: 5, abandoned: 0, short_abandoned: 1, overflowed: 2, callback_requested: 0, withdrawn: 0, failed: 1 };
  const today: Today = { ...endings, entered: 12, waiting: 3, in_flow: 7, talking: 1, ledger_ok: true, service_level: null, asa: null, wait_median: null, wait_p90: null, longest_since: null };
  expect(adds(today)).toBe(true);
  expect(adds({ ...today, withdrawn: 1 })).toBe(false);
  expect(happened(today, ENDINGS)).toEqual(["answered", "abandoned", "short_abandoned", "overflowed", "failed"]);
});

test.each([
  ["a desk phone that the PBX reaches", "desk", "off", true, true, "good"],
  ["one that it does not reach", "desk", "off", false, true, "bad"],
  ["one of which nothing is known", "desk", "off", null, true, "unknown"],
  ["a desk phone while the centre is away", "desk", "off", true, false, "unknown"],
  ["a registered browser", "browser", "registered", true, true, "good"],
  ["a registered browser while the centre is away", "browser", "registered", true, false, "unknown"],
  ["a browser that lost its registration, of which the PBX does not know yet", "browser", "connecting", true, true, "unknown"],
  ["a browser that does not reach the PBX", "browser", "no_way", true, true, "bad"],
  ["the same while the centre is away too", "browser", "no_way", true, false, "bad"],
  ["a browser that the PBX refuses", "browser", "failed", true, true, "bad"],
  ["another window is the telephone", "browser", "off", true, true, "unknown"],
] as const)("the phone's lamp: %s", (_, kind, own, reachable, online, lamp) => {
  expect(phoneLamp(kind, own, reachable, online)[0]).toBe(lamp);
});

test("an earlier contact is told in the reader's language, its note as it was written", () => {
  const contact: Contact = { at: 1, channel: "voice", summary: "billing: answered by anna. Resolved", outcome: "answered", queue: { en: "Billing", zh: "账单" } };
  const classified: Contact = { ...contact, agents: ["Anna Berg"], codes: ["Resolved"], note: "Pays on Friday" };
  install("en", en);
  expect(words(classified)).toEqual(["Resolved · Pays on Friday", "Billing", "Answered by Anna Berg"]);
  expect(words({ ...contact, outcome: "abandoned_in_queue" })).toEqual(["Hung up while waiting", "Billing"]);
  install("zh", zh);
  expect(words(classified)).toEqual(["已解决 · Pays on Friday", "账单", "由 Anna Berg 接听"]);
  expect(words(contact)).toEqual(["已接听", "账单"]);
  expect(words({ at: 1, channel: "letter", summary: "Sent a meter reading" })).toEqual(["Sent a meter reading"]);
});
