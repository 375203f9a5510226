import { expect, test } from "vitest";
import type { GrantView } from "../lib/api.ts";
import { grantStatus } from "./grant-status.ts";

type Seen = Parameters<typeof grantStatus>[0];
const active: Seen = {
  state: "active",
  startedAt: "2026-03-13T05:00:00.000Z" as GrantView["startedAt"],
  endsAt: "2026-03-13T07:00:00.000Z" as GrantView["endsAt"],
  failure: null,
  endedBy: null,
};
const failure: GrantView["failure"] = {
  step: "revoke",
  reason: "unreachable",
  message: "no answer",
  loginDenied: null,
  since: "2026-03-13T07:00:01.000Z" as GrantView["createdAt"],
  attempts: 3,
  blockers: [],
  remedy: [],
};

test("an active grant is ending soon in its last tenth", () => {
  expect(grantStatus(active, Date.parse("2026-03-13T06:00:00Z"))).toBe("active");
  expect(grantStatus(active, Date.parse("2026-03-13T06:50:00Z"))).toBe("ending");
});

test("a move that fails is told apart from one under way", () => {
  expect(grantStatus({ ...active, state: "revoking" }, 0)).toBe("revoking");
  expect(grantStatus({ ...active, state: "revoking", failure }, 0)).toBe("stuck");
  expect(grantStatus({ ...active, state: "provisioning", failure }, 0)).toBe("failed");
  expect(grantStatus({ ...active, state: "quarantined", failure }, 0)).toBe("quarantined");
});

test("revoked is not called a failure unless access never began", () => {
  expect(grantStatus({ ...active, state: "revoked", endedBy: "expiry" }, 0)).toBe("revoked");
  expect(grantStatus({ ...active, state: "revoked", endedBy: "failure", startedAt: null }, 0)).toBe("failed");
});
