import { expect, test } from "vitest";
import type { GrantView } from "./api.ts";
import { isOverdue } from "./overdue.ts";

const endsAt = "2026-03-13T06:00:00.000Z" as GrantView["createdAt"];
const at = (secondsAfter: number) => Date.parse(endsAt) + secondsAfter * 1000;
const failure = { step: "revoke", reason: "lock" } as NonNullable<GrantView["failure"]>;

test("what is quarantined, or failed on its way, is overdue at once", () => {
  expect(isOverdue({ state: "quarantined", endsAt, failure }, at(1))).toBe(true);
  expect(isOverdue({ state: "revoking", endsAt, failure }, at(1))).toBe(true);
});

test("what is being taken back without trouble has a minute", () => {
  expect(isOverdue({ state: "revoking", endsAt, failure: null }, at(60))).toBe(false);
  expect(isOverdue({ state: "revoking", endsAt, failure: null }, at(61))).toBe(true);
});

test("access past its end that nobody takes back is overdue, not armed", () => {
  expect(isOverdue({ state: "active", endsAt, failure: null }, at(-5))).toBe(false);
  expect(isOverdue({ state: "active", endsAt, failure: null }, at(300))).toBe(true);
});

test("an extension that fails does not make running access overdue", () => {
  const extending = { ...failure, step: "extend" as const };
  expect(isOverdue({ state: "active", endsAt, failure: extending }, at(-5))).toBe(false);
});

test("what is gone, or was never there, is not overdue", () => {
  expect(isOverdue({ state: "revoked", endsAt, failure: null }, at(9999))).toBe(false);
  expect(isOverdue({ state: "planned", endsAt: null, failure: null }, at(9999))).toBe(false);
});
