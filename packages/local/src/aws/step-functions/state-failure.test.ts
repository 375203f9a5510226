import { describe, expect, test } from "vitest";
import type { Retrier, State } from "./definition.ts";
import { catcherFor, retrierFor, StateFailure } from "./state-failure.ts";

const failure = (error: string): StateFailure => new StateFailure(error, "");
const task = (retrier: Partial<Retrier>): State => ({
  Type: "Task",
  Retry: [{ ErrorEquals: ["States.ALL"], ...retrier }],
});

describe("retries", () => {
  test("begin after a second, double, and end after three", () => {
    const delays = [0, 1, 2, 3].map((done) => retrierFor(task({}), failure("X"), [done])?.delayMs);
    expect(delays).toEqual([1_000, 2_000, 4_000, undefined]);
  });
  test("wait no longer than their maximum", () => {
    const state = task({ IntervalSeconds: 10, MaxDelaySeconds: 15, MaxAttempts: 9 });
    expect(retrierFor(state, failure("X"), [5])?.delayMs).toBe(15_000);
  });
  test("with full jitter wait anything up to their interval", () => {
    const state = task({ IntervalSeconds: 10, JitterStrategy: "FULL" });
    const delays = Array.from({ length: 200 }, () => retrierFor(state, failure("X"), [0])?.delayMs ?? -1);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...delays)).toBeLessThanOrEqual(10_000);
    expect(new Set(delays).size).toBeGreaterThan(50);
  });
  test("of the first retrier that matches are the only ones, also when it has none", () => {
    const state: State = {
      Type: "Task",
      Retry: [{ ErrorEquals: ["X"], MaxAttempts: 0 }, { ErrorEquals: ["States.ALL"] }],
    };
    expect(retrierFor(state, failure("X"), [0, 0])).toBeUndefined();
    expect(retrierFor(state, failure("Y"), [0, 0])?.index).toBe(1);
  });
});

test.each([
  ["X", ["X"], true],
  ["X", ["Y", "States.ALL"], true],
  ["X", ["States.TaskFailed"], true],
  ["States.Timeout", ["States.TaskFailed"], false],
  ["States.Timeout", ["States.ALL"], true],
  ["States.Runtime", ["States.ALL", "States.Runtime"], false],
  ["States.DataLimitExceeded", ["States.ALL"], false],
])("%s is caught by %j: %s", (error, ErrorEquals, expected) => {
  const state: State = { Type: "Task", Catch: [{ ErrorEquals, Next: "N" }] };
  expect(catcherFor(state, failure(error)) !== undefined).toBe(expected);
});
