import { expect, test } from "vitest";
import { lacksClaims, profileOf } from "./profile.ts";

const of = (claims: Record<string, unknown>, groupsClaim = "groups") =>
  profileOf("https://id.example.com", "sub-1", claims, groupsClaim);

test("name, mail and groups come from their claims", () => {
  expect(of({ name: "Mira Holt", email: "mira@example.com", groups: ["b", "a", "b"] })).toEqual({
    issuer: "https://id.example.com",
    subject: "sub-1",
    name: "Mira Holt",
    email: "mira@example.com",
    groups: ["b", "a"],
  });
});

test("groups may have another claim, and may be one name", () => {
  expect(of({ "cognito:groups": "leads" }, "cognito:groups").groups).toEqual(["leads"]);
});

test.for([undefined, null, 7, {}, [1, null, {}, ""]])("groups that are no names are none: %j", (groups) => {
  expect(of({ groups }).groups).toEqual([]);
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
  expect(of({ groups: Array.from({ length: 900 }, (_, index) => `g${index}`) }).groups).toHaveLength(500);
});

test("a subject that breaks the standard is refused", () => {
  expect(() => profileOf("https://id.example.com", "x".repeat(256), {}, "groups")).toThrow();
});

test("claims that the ID token lacks are asked for elsewhere", () => {
  expect(lacksClaims({ name: "x", email: "y", groups: [] }, "groups")).toBe(false);
  expect(lacksClaims({ name: "x", email: "y" }, "groups")).toBe(true);
});
