import { expect, test } from "vitest";
import type { GroupsSettings } from "./groups-claim.ts";
import { lacksClaims, profileOf } from "./profile.ts";

const settings = (claim = "groups"): GroupsSettings => ({ claim, whenAbsent: "unknown" });
const of = (idToken: Record<string, unknown>, userInfo: Record<string, unknown> = {}) =>
  profileOf("https://id.example.com", "sub-1", { idToken, userInfo }, settings());

test("name, mail and groups come from their claims", () => {
  expect(of({ name: "Mira Holt", email: "mira@example.com", groups: ["b", "a", "b"] })).toEqual({
    issuer: "https://id.example.com",
    subject: "sub-1",
    name: "Mira Holt",
    email: "mira@example.com",
    groups: ["b", "a"],
  });
});

test("groups that the ID token does not say are those of the userinfo endpoint", () => {
  expect(of({}, { groups: ["leads"] }).groups).toEqual(["leads"]);
  expect(of({ groups: null }, { groups: ["leads"] }).groups).toEqual(["leads"]);
  expect(of({ groups: [] }, { groups: ["leads"] }).groups).toEqual([]);
  const overage = { _claim_names: { groups: "src1" }, _claim_sources: { src1: { endpoint: "https://x" } } };
  expect(of(overage, { groups: ["leads"] }).groups).toEqual(["leads"]);
});

test("groups that nobody says are unknown, and why", () => {
  const overage = { _claim_names: { groups: "src1" } };
  expect(of(overage)).toMatchObject({ groups: [], groupsUnknown: "elsewhere" });
  expect(of({}, overage)).toMatchObject({ groups: [], groupsUnknown: "elsewhere" });
  expect(of({})).toMatchObject({ groups: [], groupsUnknown: "absent" });
  expect(of({ groups: 7 }, { groups: ["leads"] })).toMatchObject({ groups: [], groupsUnknown: "unreadable" });
});

test("without a name the username, the mail address or the subject stands in", () => {
  expect(of({ preferred_username: "mira" }).name).toBe("mira");
  expect(of({ preferred_username: "mira@example.com" })).toMatchObject({ email: "mira@example.com" });
  expect(of({ email: "mira@example.com" }).name).toBe("mira@example.com");
  expect(of({ name: "   " }).name).toBe("sub-1");
});

test("invisible characters cannot make one name look like another, and lengths are bounded", () => {
  expect(of({ name: "Mira\u202e Holt\u0000\n" }).name).toBe("Mira  Holt");
  expect(of({ name: "x".repeat(5000) }).name).toHaveLength(200);
});

test("a subject that breaks the standard is refused", () => {
  expect(() => profileOf("https://id.example.com", "x".repeat(256), { idToken: {} }, settings())).toThrow();
});

test("claims that the ID token lacks are asked for elsewhere", () => {
  expect(lacksClaims({ name: "x", email: "y", groups: [] }, settings())).toBe(false);
  expect(lacksClaims({ name: "x", email: "y" }, settings())).toBe(true);
  expect(lacksClaims({ name: "x", email: "y", a: { b: [] } }, settings("a.b"))).toBe(false);
});
