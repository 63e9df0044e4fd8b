import { expect, test } from "vitest";
import { ServerClock } from "../src/state/clock";

test("before the server has told the time, the machine's own serves", () => {
  expect(new ServerClock(1000, 5).now(8)).toBe(1003);
});

test("the server's time counts, however wrong the machine's is", () => {
  const clock = new ServerClock(1000, 0);
  clock.heard(5000, 10);
  expect(clock.now(12)).toBe(5002);
});

test("a beat that was slow on its way does not set the time back", () => {
  const clock = new ServerClock(0, 0);
  clock.heard(100, 0);
  clock.heard(105, 8);
  expect(clock.now(8)).toBe(108);
});

test("an old sample is forgotten, so that a drifting clock is followed", () => {
  const clock = new ServerClock(0, 0);
  clock.heard(100, 0);
  for (let i = 1; i <= 12; i++) clock.heard(100 + i * 5 - 2, i * 5);
  expect(clock.now(60)).toBe(158);
});

test("after a new connection the first beat counts alone, and until then the old time goes on", () => {
  const clock = new ServerClock(0, 0);
  clock.heard(100, 0);
  clock.startOver();
  expect(clock.now(1)).toBe(101);
  clock.heard(90, 2);
  expect(clock.now(2)).toBe(90);
});
