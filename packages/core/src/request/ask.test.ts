import { describe, expect, test } from "vitest";
import { durationMinutesSchema, reasonSchema } from "./ask.ts";

describe("a reason", () => {
  test.each([
    "fix order 4711",
    "調査のため",
    "расследование",
    "to test 👩🏽‍💻 things",
    "one line\nand another\twith a tab",
    "a/b",
    "x".repeat(2000),
  ])("may be %j", (text) => {
    expect(reasonSchema.parse(text)).toBe(text);
  });

  test("is kept without its outer spaces", () => {
    expect(reasonSchema.parse(" \n look into it\u3000\t")).toBe("look into it");
  });

  test.each([
    ["nothing", ""],
    ["spaces", "      "],
    ["spaces of other scripts", "\u3000\u00a0\u2003\u2003"],
    ["invisible characters", "\u200b\u200b\u200b\u200b"],
    ["letters that show nothing", "\u3164\u3164\u3164"],
    ["punctuation", "....."],
    ["symbols", "👍👍👍"],
    ["two letters", "ok"],
    ["too much", "x".repeat(2001)],
    ["a bell", "look\u0007 into it"],
    ["a terminal sequence", "look \u001b[2J into it"],
    ["a null", "look\u0000 into it"],
    ["a carriage return", "look into it\rapproved by the lead"],
    ["half a character", "look into \ud83d it"],
    ["text that shows in another order", "look into \u202ederorre eht\u202c it"],
    ["an isolate", "look into \u2067it\u2069"],
    ["a number", 12345],
  ])("may not be %s", (_what, text) => {
    expect(reasonSchema.safeParse(text).success).toBe(false);
  });

  test("of hostile length is refused as fast as any other", () => {
    const started = performance.now();
    expect(reasonSchema.safeParse(`${"a\n".repeat(500_000)}\u0000`).success).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

test("a duration is whole minutes from one to thirty days", () => {
  const isGood = (value: unknown) => durationMinutesSchema.safeParse(value).success;
  expect([1, 60, 43_200].map(isGood)).toEqual([true, true, true]);
  const bad = [0, -1, 43_201, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "60", null, undefined];
  expect(bad.map(isGood)).toEqual(bad.map(() => false));
});
