import { expect, test } from "vitest";
import { machineClock } from "./clock.ts";

const day = 86_400_000;

test("sleepers wake in the order of their instants, also beyond 24.8 days", async () => {
  const clock = machineClock(() => 0);
  const woken: number[] = [];
  const days = [40, 1, 30, 2, 365, 26];
  const sleeps = days.map((n) => clock.until(n * day).then(() => woken.push(n)));
  clock.advance(27 * day);
  await Promise.all([sleeps[1], sleeps[3], sleeps[5]]);
  expect(woken).toEqual([1, 2, 26]);
  clock.advance(400 * day);
  await Promise.all(sleeps);
  expect(woken).toEqual([1, 2, 26, 30, 40, 365]);
  expect(clock.now()).toBe(427 * day);
});

test("an instant that has passed does not sleep", async () => {
  const clock = machineClock(() => 1_000);
  await clock.until(1_000);
  await clock.until(-5);
});

test("an aborted sleeper rejects with the reason and is forgotten", async () => {
  const clock = machineClock(() => 0);
  const stop = new AbortController();
  const sleep = clock.until(day, stop.signal);
  stop.abort(new Error("stopped"));
  await expect(sleep).rejects.toThrow("stopped");
  await expect(clock.until(day, stop.signal)).rejects.toThrow("stopped");
  clock.advance(2 * day);
});

test("thousands of aborted sleepers do not disturb the others", async () => {
  const clock = machineClock(() => 0);
  const stop = new AbortController();
  const gone = Array.from({ length: 3_000 }, (_, i) => clock.until(day + i, stop.signal).catch(() => "gone"));
  const kept = Array.from({ length: 500 }, (_, i) => clock.until(2 * day - i).then(() => i));
  stop.abort(new Error("stopped"));
  expect(new Set(await Promise.all(gone))).toEqual(new Set(["gone"]));
  clock.advance(2 * day);
  expect(await Promise.all(kept)).toHaveLength(500);
});

test("time does not move backwards", () => {
  expect(() => machineClock(() => 0).advance(-1)).toThrow(RangeError);
});
