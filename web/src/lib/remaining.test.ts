import { expect, test } from "vitest";
import { isEndingSoon, remainingShare } from "./remaining.ts";

const start = "2026-03-13T05:00:00.000Z";
const end = "2026-03-13T07:00:00.000Z";
const at = (time: string) => Date.parse(`2026-03-13T${time}Z`);

test("the share goes from one to nothing and stays within them", () => {
  expect(remainingShare(start, end, at("04:00:00"))).toBe(1);
  expect(remainingShare(start, end, at("06:00:00"))).toBe(0.5);
  expect(remainingShare(start, end, at("08:00:00"))).toBe(0);
  expect(remainingShare(end, start, at("06:00:00"))).toBe(0);
});

test("access is ending soon in its last tenth, however short it is", () => {
  expect(isEndingSoon(start, end, at("06:47:00"))).toBe(false);
  expect(isEndingSoon(start, end, at("06:48:00"))).toBe(true);
  const short = "2026-03-13T05:02:00.000Z";
  expect(isEndingSoon(start, short, at("05:01:00"))).toBe(false);
  expect(isEndingSoon(start, short, at("05:01:48"))).toBe(true);
});
