import { expect, test } from "vitest";
import { instantOf } from "../kernel/clock.ts";
import { idFrom } from "../kernel/ids.ts";
import { firstSeen, policyUser, reinstated, rolesOf, seenAgain, suspended } from "./user.ts";

const roleGroups = { administrator: ["administrators", "sre"], auditor: ["auditors"] };
const now = instantOf(Date.UTC(2026, 0, 2));
const profile = {
  issuer: "https://id.example.com",
  subject: "mira",
  name: "Mira Holt",
  email: "mira@example.com",
  groups: ["engineers"],
};
const user = firstSeen(idFrom("user", "01JD8Z5K3QW8R4T6Y2X9V7B1CN"), profile, now);

test.for([
  [[], ["member"]],
  [["engineers"], ["member"]],
  [["sre"], ["administrator", "member"]],
  [
    ["auditors", "administrators"],
    ["administrator", "auditor", "member"],
  ],
  [["Administrators", "administrators "], ["member"]],
] as const)("roles follow from groups, exactly spelt: %j", ([groups, roles]) => {
  expect(rolesOf(groups, roleGroups)).toEqual(roles);
});

test("an installation without role groups has no administrator", () => {
  expect(rolesOf(["administrators"], { administrator: [], auditor: [] })).toEqual(["member"]);
});

test("a sign-in changes what the provider says and never lifts a suspension", () => {
  const gone = suspended(user, "left", now);
  expect(seenAgain(gone, { ...profile, name: "Mira H." }, now)).toMatchObject({
    name: "Mira H.",
    suspendedAt: now,
    version: 3,
  });
});

test("policies see who is suspended; reinstating lifts it and leaves old sessions ended", () => {
  const gone = suspended(user, "left", now);
  expect(policyUser(gone).suspended).toBe(true);
  const back = reinstated(gone);
  expect(policyUser(back).suspended).toBe(false);
  expect(back).toMatchObject({ sessionsEndedAt: now, version: 3 });
  expect(back).not.toHaveProperty("suspendedReason");
});
