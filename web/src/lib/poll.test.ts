import { expect, test } from "vitest";
import { nextPollMs } from "./poll.ts";

test("a healthy query is asked at its own pace", () => {
  expect(nextPollMs(5_000, { status: "success", dataUpdatedAt: 0, errorUpdatedAt: 0 }, 999_999)).toBe(5_000);
});

test("a failing one is asked ever less often, up to once a minute", () => {
  const state = { status: "error", dataUpdatedAt: 1_000, errorUpdatedAt: 2_000 };
  expect(nextPollMs(5_000, state, 3_000)).toBe(10_000);
  expect(nextPollMs(5_000, state, 41_000)).toBe(20_000);
  expect(nextPollMs(5_000, state, 10_000_000)).toBe(60_000);
});
