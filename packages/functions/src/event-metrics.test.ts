import { expect, test } from "vitest";
import { metricsOf } from "./event-metrics.ts";

const end = "2026-06-09T12:00:00.000Z";

test("a revocation counts with the time from the end to the look that saw no account", () => {
  const data = { endsAt: end, absentAt: "2026-06-09T12:00:02.500Z" };
  expect(metricsOf({ operation: "grant.finish", data })).toEqual({ GrantsRevoked: 1, RevocationLag: 2.5 });
});

test("one that ended before it began, or whose clock runs behind, has no negative lag", () => {
  expect(metricsOf({ operation: "grant.finish", data: { absentAt: end } })).toEqual({ GrantsRevoked: 1 });
  const data = { endsAt: end, absentAt: "2026-06-09T11:59:59.000Z" };
  expect(metricsOf({ operation: "grant.finish", data })).toEqual({ GrantsRevoked: 1, RevocationLag: 0 });
});

test("provisioned and quarantined accounts count, all else does not", () => {
  expect(metricsOf({ operation: "grant.activate", data: {} })).toEqual({ GrantsProvisioned: 1 });
  expect(metricsOf({ operation: "grant.quarantine", data: {} })).toEqual({ GrantsQuarantined: 1 });
  expect(metricsOf({ operation: "grant.start", data: {} })).toEqual({});
});
