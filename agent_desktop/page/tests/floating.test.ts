/** Where a menu opens that must not be clipped by the table it stands in. */

import { expect, test } from "vitest";
import { beside } from "../src/ui/floating";

const WINDOW = { width: 1000, height: 800 };

test("below its button, and ends where that ends", () => {
  expect(beside({ top: 100, bottom: 136, right: 900 }, { width: 240, height: 300 }, WINDOW)).toEqual({ left: 660, top: 142, maxHeight: 300 });
});

test("above it where there is more room", () => {
  expect(beside({ top: 700, bottom: 736, right: 900 }, { width: 240, height: 300 }, WINDOW)).toEqual({ left: 660, top: 394, maxHeight: 300 });
});

test("as high as the larger room, and scrolls within", () => {
  expect(beside({ top: 300, bottom: 336, right: 900 }, { width: 240, height: 2000 }, WINDOW)).toEqual({ left: 660, top: 342, maxHeight: 450 });
});

test("in the window though its button is scrolled out of it", () => {
  const { left, top, maxHeight } = beside({ top: -90, bottom: -54, right: 1100 }, { width: 240, height: 300 }, WINDOW);
  expect([left, top, maxHeight]).toEqual([752, 8, 300]);
});
