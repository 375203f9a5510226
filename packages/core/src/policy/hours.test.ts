import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextStart, withinHours } from "./hours.ts";
import type { PolicyHours } from "./policy.ts";
import { offsetMs, weekdays } from "./time-zone.ts";

const workdays = ["mon", "tue", "wed", "thu", "fri"] as const;
const tokyo: PolicyHours = { timeZone: "Asia/Tokyo", weekdays: [...workdays], from: "09:00", to: "18:00" };
const at = (iso: string) => Date.parse(iso);

describe("a window of hours", () => {
  test("holds its first minute and not its last", () => {
    expect(withinHours(tokyo, at("2025-01-06T08:59:59.999+09:00"))).toBe(false);
    expect(withinHours(tokyo, at("2025-01-06T09:00:00+09:00"))).toBe(true);
    expect(withinHours(tokyo, at("2025-01-06T17:59:59.999+09:00"))).toBe(true);
    expect(withinHours(tokyo, at("2025-01-06T18:00:00+09:00"))).toBe(false);
  });

  test("counts the weekday of its own zone, not of UTC", () => {
    // Sunday in UTC, Monday in Tokyo.
    const early: PolicyHours = { ...tokyo, from: "00:00", to: "09:00" };
    expect(withinHours(early, at("2025-01-05T20:00:00Z"))).toBe(true);
    expect(withinHours(early, at("2025-01-10T20:00:00Z"))).toBe(false);
  });

  test("past midnight belongs to the weekday it began on", () => {
    const night: PolicyHours = { timeZone: "UTC", weekdays: ["fri"], from: "22:00", to: "02:00" };
    expect(withinHours(night, at("2025-01-10T21:59:00Z"))).toBe(false);
    expect(withinHours(night, at("2025-01-10T22:00:00Z"))).toBe(true);
    expect(withinHours(night, at("2025-01-11T01:59:00Z"))).toBe(true);
    expect(withinHours(night, at("2025-01-11T02:00:00Z"))).toBe(false);
    expect(withinHours(night, at("2025-01-10T01:00:00Z"))).toBe(false);
    expect(withinHours(night, at("2025-01-11T22:30:00Z"))).toBe(false);
  });

  test("00:00 to 24:00 is the whole day and no more", () => {
    const day: PolicyHours = { timeZone: "UTC", weekdays: ["wed"], from: "00:00", to: "24:00" };
    expect(withinHours(day, at("2025-01-08T00:00:00Z"))).toBe(true);
    expect(withinHours(day, at("2025-01-08T23:59:59.999Z"))).toBe(true);
    expect(withinHours(day, at("2025-01-09T00:00:00Z"))).toBe(false);
    expect(nextStart(day, at("2025-01-09T00:00:00Z"))).toBe(at("2025-01-15T00:00:00Z"));
  });

  test("follows the wall clock when summer time begins and ends", () => {
    const berlin: PolicyHours = { ...tokyo, timeZone: "Europe/Berlin", weekdays: [...weekdays] };
    expect(withinHours(berlin, at("2025-03-29T08:30:00Z"))).toBe(true);
    expect(withinHours(berlin, at("2025-03-29T07:30:00Z"))).toBe(false);
    expect(withinHours(berlin, at("2025-03-30T07:30:00Z"))).toBe(true);
    const repeated: PolicyHours = { ...berlin, from: "02:30", to: "02:45" };
    expect(withinHours(repeated, at("2025-10-26T00:35:00Z"))).toBe(true);
    expect(withinHours(repeated, at("2025-10-26T01:35:00Z"))).toBe(true);
    expect(nextStart(repeated, at("2025-10-26T00:50:00Z"))).toBe(at("2025-10-26T01:30:00Z"));
  });
});

describe("the next start", () => {
  test("is now inside the window, and Monday morning on a Saturday", () => {
    expect(nextStart(tokyo, at("2025-01-06T10:00:00+09:00"))).toBe(at("2025-01-06T10:00:00+09:00"));
    expect(nextStart(tokyo, at("2025-01-11T10:00:00+09:00"))).toBe(at("2025-01-13T09:00:00+09:00"));
  });

  test("skips a window that the clocks jump over, and starts where they land when they jump into one", () => {
    const skipped: PolicyHours = { timeZone: "Europe/Berlin", weekdays: ["sun"], from: "02:15", to: "02:45" };
    expect(nextStart(skipped, at("2025-03-29T12:00:00Z"))).toBe(at("2025-04-06T00:15:00Z"));
    const into: PolicyHours = { ...skipped, to: "04:00" };
    expect(nextStart(into, at("2025-03-29T12:00:00Z"))).toBe(at("2025-03-30T01:00:00Z"));
  });

  test("is inside the window, and nothing before it is, in any zone and across changes of the clocks", () => {
    const zones = [
      "UTC",
      "Asia/Tokyo",
      "Europe/Berlin",
      "America/New_York",
      "Australia/Lord_Howe",
      "Asia/Kathmandu",
    ];
    const wall = fc
      .tuple(fc.nat(23), fc.nat(59))
      .map(([h, m]) => `${String(h).padStart(2, "0")}:${String(m).padStart(2, "0")}`);
    const hoursArbitrary = fc
      .record({
        timeZone: fc.constantFrom(...zones),
        weekdays: fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1 }),
        from: wall,
        to: wall,
      })
      .filter((hours) => hours.from !== hours.to);
    const changes = [
      "2025-03-09",
      "2025-03-30",
      "2025-04-06",
      "2025-10-05",
      "2025-10-26",
      "2025-11-02",
      "2025-07-01",
    ];
    fc.assert(
      fc.property(
        hoursArbitrary,
        fc.constantFrom(...changes).map((day) => at(`${day}T00:00:00Z`)),
        fc.integer({ min: -3 * 1440, max: 1440 }),
        (hours, around, minutes) => {
          const from = around + minutes * 60_000;
          const next = nextStart(hours, from);
          if (next === null) return false;
          if (!withinHours(hours, next)) return false;
          for (let before = from; before < next; before += 60_000) {
            if (withinHours(hours, before)) return false;
          }
          return true;
        },
      ),
      { numRuns: 60 },
    );
  });
});

test("an offset west of Greenwich is negative, also with half an hour", () => {
  expect(offsetMs(0, "UTC")).toBe(0);
  expect(offsetMs(at("2025-01-01T00:00:00Z"), "America/St_Johns")).toBe(-3.5 * 3_600_000);
  expect(offsetMs(at("2025-01-01T00:00:00Z"), "Asia/Kathmandu")).toBe(5.75 * 3_600_000);
});
