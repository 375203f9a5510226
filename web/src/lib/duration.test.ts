import { expect, test } from "vitest";
import { durationParts, parseDurationMinutes } from "./duration.ts";

test.each([
  ["90", 90],
  ["90m", 90],
  ["90 min", 90],
  ["2 hours", 120],
  ["1h30", 90],
  ["1 h 30 min", 90],
  ["1.5h", 90],
  ["1,5 h", 90],
  ["1:30", 90],
  ["1d", 1_440],
  ["2 days 4h", 3_120],
  [" 7d ", 10_080],
])("%s is read as %i minutes", (text, minutes) => {
  expect(parseDurationMinutes(text)).toBe(minutes);
});

test.each(["", "0", "-5", "soon", "1h2h", "5 5", "1:75", "h", "1e3", "10 weeks", "1h x"])(
  "%j is not taken for a duration",
  (text) => {
    expect(parseDurationMinutes(text)).toBeNull();
  },
);

const minute = 60_000;
test.each([
  [72 * minute, "1h 12m"],
  [28 * 60 * minute, "1d 4h"],
  [60 * minute, "1h"],
  [59 * minute + 59_000, "59m"],
  [9 * minute + 5_000, "9m 5s"],
  [45_900, "45s"],
  [0, "0s"],
  [-5_000, "0s"],
  [24 * 60 * minute + 5 * minute, "1d"],
])("%i ms is told in at most two units", (milliseconds, told) => {
  expect(
    durationParts(milliseconds)
      .map((part) => `${part.count}${part.unit}`)
      .join(" "),
  ).toBe(told);
});
