import { expect, test } from "vitest";
import { fullMomentText, momentText, utcText } from "./moment-text.ts";

const tokyo = { locale: "en-GB", timeZone: "Asia/Tokyo" };
const now = Date.parse("2026-03-13T05:00:00Z");

test("a moment of the reader's own day is its time alone, in the reader's zone", () => {
  expect(momentText(Date.parse("2026-03-13T05:05:09Z"), now, tokyo)).toBe("14:05");
});

test("where the second matters it is there", () => {
  expect(momentText(Date.parse("2026-03-13T05:05:09Z"), now, tokyo, true)).toBe("14:05:09");
  expect(momentText(Date.parse("2026-01-02T03:04:05Z"), now, tokyo, true)).toBe("2 Jan 2026, 12:04:05");
});

test("the day is the reader's, not that of UTC", () => {
  expect(momentText(Date.parse("2026-03-13T16:30:00Z"), now, tokyo)).toBe("Sat 01:30");
  expect(momentText(Date.parse("2026-03-12T15:30:00Z"), now, tokyo)).toBe("00:30");
});

test("a moment further away carries its date and year", () => {
  expect(momentText(Date.parse("2026-01-02T03:04:00Z"), now, tokyo)).toBe("2 Jan 2026, 12:04");
});

test("the hover tells the zone and the same moment in UTC", () => {
  const instant = Date.parse("2026-03-13T05:05:09Z");
  expect(fullMomentText(instant, tokyo)).toContain("14:05:09");
  expect(fullMomentText(instant, tokyo)).toContain("GMT+9");
  expect(utcText(instant)).toBe("2026-03-13 05:05:09");
});

test("midnight is 00, not 24", () => {
  expect(momentText(Date.parse("2026-03-12T15:00:00Z"), now, tokyo)).toBe("00:00");
});
