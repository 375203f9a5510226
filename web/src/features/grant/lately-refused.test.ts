import { expect, test } from "vitest";
import type { RequestView } from "../../lib/api.ts";
import { latelyRefused } from "./lately-refused.ts";

const now = Date.parse("2026-03-13T12:00:00.000Z");
const request = (id: string, status: RequestView["status"], decidedAt: string | null) =>
  ({ id, status, decidedAt, lapsesAt: "2026-03-12T12:00:00.000Z" }) as RequestView;

test("a no of the last week is shown, the newest first", () => {
  const found = latelyRefused(
    [
      request("old", "rejected", "2026-03-01T12:00:00.000Z"),
      request("lapsed", "lapsed", null),
      request("fresh", "rejected", "2026-03-13T11:00:00.000Z"),
      request("yes", "approved", "2026-03-13T11:00:00.000Z"),
      request("own", "cancelled", "2026-03-13T11:00:00.000Z"),
    ],
    now,
  );
  expect(found.map(({ id }) => id)).toEqual(["fresh", "lapsed"]);
});

test("many of them do not push what has ended off the page", () => {
  const many = Array.from({ length: 9 }, (_, n) => request(`${n}`, "rejected", "2026-03-13T11:00:00.000Z"));
  expect(latelyRefused(many, now)).toHaveLength(5);
});
