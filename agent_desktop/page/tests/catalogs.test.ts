import { describe, expect, test } from "vitest";
import { count, fill, install, known, labelled, named, t } from "../src/i18n";
import { asked } from "../src/i18n/choice";
import { en } from "../src/i18n/en";
import { zh } from "../src/i18n/zh";

const holes = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

describe("the catalogs", () => {
  test("have the same keys", () => {
    expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
  });

  test("say everything, with the same things filled in", () => {
    for (const key of Object.keys(en) as (keyof typeof en)[]) {
      expect(zh[key].trim(), key).not.toBe("");
      expect(holes(zh[key]), key).toEqual(holes(en[key]));
    }
  });

  test("hold every plural in both forms", () => {
    for (const key of Object.keys(en).filter((key) => key.endsWith(".one"))) {
      expect(Object.keys(en)).toContain(key.replace(/one$/, "other"));
    }
  });
});

describe("in English", () => {
  test("plurals follow the number", () => {
    install("en", en);
    expect(count("bills.overdue", 1)).toBe("1 day overdue");
    expect(count("bills.overdue", 1200)).toBe("1,200 days overdue");
  });

  test("a code is translated however it is spelt; the administrator's own word is shown as it is", () => {
    install("en", en);
    expect(named("reason", "no answer")).toBe("Missed a call");
    expect(named("reason", "signed in")).toBe("Just started");
    expect(named("code", "tariff_changed")).toBe("Tariff changed");
    expect(known("code", "tariff_changed")).toBe(false);
  });

  test("what a text brings along is not filled in a second time", () => {
    expect(fill("{who} calls {n}", { who: "{n}", n: 2 })).toBe("{n} calls 2");
  });
});

describe("in Chinese", () => {
  test("texts and labels change over", () => {
    install("zh", zh);
    expect(t("state.ready")).toBe("就绪");
    expect(labelled({ en: "Billing", zh: "账单" }, "billing")).toBe("账单");
    expect(labelled({ en: "Billing" }, "billing")).toBe("Billing");
    expect(labelled(null, "night_shift")).toBe("Night shift");
  });
});

describe("the language at the first visit", () => {
  test.each([
    [["zh-TW", "en"], "zh"],
    [["de-DE", "zh-CN", "en"], "zh"],
    [["de-DE", "en-US"], "en"],
    [["fr"], "en"],
    [[], "en"],
  ] as const)("%j is read as %s", (tags, expected) => {
    expect(asked(tags)).toBe(expected);
  });
});
