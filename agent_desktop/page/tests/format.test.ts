import { beforeEach, describe, expect, test } from "vitest";
import { ago, clock, day, daysPast, languageName, money, percent } from "../src/format";
import { install } from "../src/i18n";
import { en } from "../src/i18n/en";
import { zh } from "../src/i18n/zh";
import { dayIn } from "../src/reports/model";

const NOON = new Date(2026, 10, 21, 12).getTime() / 1000;

beforeEach(() => install("en", en));

test.each([
  [0, "0:00"],
  [59.9, "0:59"],
  [60, "1:00"],
  [3599, "59:59"],
  [3600, "1:00:00"],
  [36_061, "10:01:01"],
  [-3, "0:00"],
])("%d seconds read %s", (seconds, text) => expect(clock(seconds)).toBe(text));

test.each([
  ["Europe/Berlin", "2026-10-25T22:59:59Z", "2026-10-25"],
  ["Europe/Berlin", "2026-10-25T23:00:00Z", "2026-10-26"],
  ["Asia/Shanghai", "2026-12-31T16:00:00Z", "2027-01-01"],
  ["Pacific/Honolulu", "2026-03-01T09:59:59Z", "2026-02-28"],
  ["Nowhere/Atall", "2026-03-01T09:59:59Z", ""],
])("in %s, %s is on the day %s", (zone, at, day) => expect(dayIn(zone, Date.parse(at) / 1000)).toBe(day));

describe("money", () => {
  test("is written as the reader's language writes it", () => {
    expect(money("1234.50", "EUR")).toBe("€1,234.50");
    install("zh", zh);
    expect(money("1234.50", "CNY")).toBe("¥1,234.50");
  });

  test("keeps every digit of a decimal that no binary fraction holds", () => {
    expect(money("9007199254740993.10", "EUR")).toBe("€9,007,199,254,740,993.10");
  });

  test("that is none is shown as it came", () => {
    expect(money("n/a", "EUR")).toBe("n/a EUR");
    expect(money("12.5", "points")).toBe("12.50 points");
  });
});

describe("dates", () => {
  test("a due date has no time zone", () => {
    expect(day("2026-10-02")).toBe("2 Oct 2026");
    install("zh", zh);
    expect(day("2026-10-02")).toBe("2026年10月2日");
  });

  test("a due date that is none is shown as it came", () => expect(day("soon")).toBe("soon"));

  test("overdue begins on the day after", () => {
    expect(daysPast("2026-11-21", NOON)).toBe(0);
    expect(daysPast("2026-11-20", NOON)).toBe(1);
    expect(daysPast("2026-11-22", NOON)).toBe(-1);
  });

  test("the past is told in the largest unit that fits", () => {
    expect(ago(NOON - 20, NOON)).toBe("this minute");
    expect(ago(NOON - 86_400, NOON)).toBe("yesterday");
    expect(ago(NOON - 3 * 86_400, NOON)).toBe("3 days ago");
    expect(ago(NOON + 60, NOON)).toBe("this minute");
  });
});

test("a share is a percentage, and nothing to tell a dash", () => {
  expect(percent(0.812)).toBe("81%");
  expect(percent(null)).toBe("–");
});

test("a language is called by its name, and an unknown code by itself", () => {
  expect(languageName("es")).toBe("Spanish");
  expect(languageName("not a tag!")).toBe("not a tag!");
});
