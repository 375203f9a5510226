import { describe, expect, test } from "vitest";
import { nextAfter, parseExpression } from "./expression.ts";

const at = (text: string): number => Date.parse(text);
const next = (expression: string, after: string, anchor = after): string | undefined => {
  const instantMs = nextAfter(parseExpression(expression), at(after), at(anchor));
  return instantMs === undefined ? undefined : new Date(instantMs).toISOString();
};

describe("rates", () => {
  test("the first invocation is one period after the schedule was made", () => {
    expect(next("rate(1 minute)", "2026-01-01T00:00:07Z")).toBe("2026-01-01T00:01:07.000Z");
    expect(next("rate(5 days)", "2026-01-01T00:00:00Z")).toBe("2026-01-06T00:00:00.000Z");
  });
  test("what was missed is left out and the old steps are kept", () => {
    expect(next("rate(10 minutes)", "2026-01-02T00:03:00Z", "2026-01-01T00:00:00Z")).toBe(
      "2026-01-02T00:10:00.000Z",
    );
  });
});

describe("single instants", () => {
  test("they come once", () => {
    expect(next("at(2026-02-03T04:05:06)", "2026-01-01T00:00:00Z")).toBe("2026-02-03T04:05:06.000Z");
    expect(next("at(2026-02-03T04:05:06)", "2026-02-03T04:05:06Z")).toBeUndefined();
  });
});

describe("cron", () => {
  test.each([
    ["cron(0 12 * * ? *)", "2026-03-01T12:00:00Z", "2026-03-02T12:00:00.000Z"],
    ["cron(*/15 * * * ? *)", "2026-03-01T12:01:00Z", "2026-03-01T12:15:00.000Z"],
    ["cron(30 9 ? * MON-FRI *)", "2026-03-06T10:00:00Z", "2026-03-09T09:30:00.000Z"],
    ["cron(0 0 1 JAN,JUL ? *)", "2026-03-01T00:00:00Z", "2026-07-01T00:00:00.000Z"],
    ["cron(0 0 29 2 ? *)", "2026-03-01T00:00:00Z", "2028-02-29T00:00:00.000Z"],
    ["cron(5/20 8-9 * * ? 2027)", "2026-03-01T00:00:00Z", "2027-01-01T08:05:00.000Z"],
  ])("%s after %s is %s", (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });
  test("a year that is over never comes", () => {
    expect(next("cron(0 0 1 1 ? 2020)", "2026-01-01T00:00:00Z")).toBeUndefined();
  });
});

test.each([
  "",
  "rate(0 minutes)",
  "rate(1 second)",
  "rate(-1 hours)",
  "at(2026-13-01T00:00:00)",
  "at(tomorrow)",
  "cron(* * * * *)",
  "cron(0 0 * * * *)",
  "cron(0 0 ? * ? *)",
  "cron(60 0 * * ? *)",
  "cron(0 0 L * ? *)",
  "cron(0 0 ? * 2#1 *)",
  "cron(9-5 0 * * ? *)",
])("%s is refused", (expression) => {
  expect(() => parseExpression(expression)).toThrow(/Invalid Schedule Expression/);
});
