import { describe, expect, test } from "vitest";
import { type Instant, plusMinutes } from "../kernel/clock.ts";
import { aRequest } from "./request.example.ts";
import { decided, lapseOf, shortened } from "./request.ts";
import { requestStatuses } from "./request.view.ts";

const noon = "2026-06-09T12:00:00.000Z" as Instant;
const lead = { ...aRequest.requester, name: "Tomoko Lind" };

describe("a decision", () => {
  test.each(["approved", "rejected", "cancelled", "lapsed"] as const)("%s is made once", (status) => {
    const next = decided(aRequest, status, noon, { decidedBy: lead });
    expect(next).toEqual({ ...aRequest, status, decidedAt: noon, decidedBy: lead, version: 2 });
    for (const again of ["approved", "rejected", "cancelled", "lapsed"] as const) {
      expect(() => decided(next, again, noon)).toThrow(
        expect.objectContaining({
          kind: "conflict",
          code: "request.already-decided",
          details: { status, decidedBy: lead, decidedAt: noon },
        }),
      );
    }
  });

  test("is open only while the request is pending", () => {
    const open = requestStatuses.filter((status) => {
      try {
        return decided({ ...aRequest, status }, "approved", noon).status === "approved";
      } catch {
        return false;
      }
    });
    expect(open).toEqual(["pending"]);
  });
});

test("the shortest duration that any approver gave holds, never more than was asked for", () => {
  expect(shortened(aRequest, undefined)).toBe(60);
  expect(shortened(aRequest, 20)).toBe(20);
  expect(shortened({ ...aRequest, approvedDurationMinutes: 20 }, undefined)).toBe(20);
  expect(shortened({ ...aRequest, approvedDurationMinutes: 20 }, 40)).toBe(20);
  expect(shortened({ ...aRequest, approvedDurationMinutes: 20 }, 10)).toBe(10);
});

test("a request lapses after its time, or with what it would extend, whichever is sooner", () => {
  const regular = plusMinutes(noon, 100);
  expect(lapseOf(noon, 100)).toBe(regular);
  expect(lapseOf(noon, 100, plusMinutes(noon, 30))).toBe(plusMinutes(noon, 30));
  expect(lapseOf(noon, 100, plusMinutes(noon, 300))).toBe(regular);
});
