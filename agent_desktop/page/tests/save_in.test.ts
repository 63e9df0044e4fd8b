import { expect, test } from "vitest";
import { AT_MOST, LAST, REST, saveIn } from "../src/agent/save_in";

test.each([
  ["at the first key it waits for a pause", 0, Infinity, REST],
  ["who types without a pause does not lose it all", AT_MOST - 0.5, Infinity, 0.5],
  ["what is overdue goes at once", AT_MOST + 9, Infinity, 0],
  ["the last moments begin before the pause is over", 0, LAST + 0.3, 0.3],
  ["in the last moments each key counts", 0, LAST, 0],
  ["and also when the time is over", 0, -5, 0],
])("%s", (_, typing, left, expected) => {
  expect(saveIn(typing, left)).toBeCloseTo(expected);
});
