import { expect, test } from "vitest";
import { DomainError, invalid } from "../kernel/errors.ts";
import { failureOf } from "./failure-of.ts";
import { serverChanged } from "./place.ts";

const engineError = (kind: unknown, message: string) =>
  Object.assign(new Error(message), { name: "EngineError", kind });

const nothing = { blockers: [], remedy: [] };

test.each([
  ["unreachable", "unreachable"],
  ["authentication", "permission"],
  ["permission", "permission"],
  ["capacity", "capacity"],
  ["conflict", "other"],
  ["something new", "other"],
])("an engine's %s is told as %s, in the engine's words", (kind, reason) => {
  expect(failureOf(engineError(kind, "as it is"))).toEqual({ reason, message: "as it is", ...nothing });
});

test("an error of ours keeps its sentence", () => {
  const busy = new DomainError("unavailable", "table.busy", "Others are changing the same thing.");
  expect(failureOf(busy)).toEqual({
    reason: "unreachable",
    message: "Others are changing the same thing.",
    ...nothing,
  });
  expect(failureOf(invalid("instance.missing", "It is gone."))).toEqual({
    reason: "other",
    message: "It is gone.",
    ...nothing,
  });
});

test("words that were not made to be shown are not: they may hold a secret", () => {
  const secret = 'password authentication failed for "postgres://dp:hunter2@db"';
  expect(failureOf(new TypeError(secret))).toEqual({
    reason: "other",
    message: "Unexpected error (TypeError).",
    ...nothing,
  });
  const pretending = Object.assign(new Error(secret), { kind: "unreachable" });
  expect(failureOf(pretending).message).not.toContain("hunter2");
  expect(failureOf(engineError(undefined, secret)).message).not.toContain("hunter2");
  expect(failureOf(secret)).toEqual({ reason: "other", message: "Unexpected error (unknown).", ...nothing });
});

test("a long message is cut to what an event may hold", () => {
  expect(failureOf(engineError("unreachable", "x".repeat(5000))).message).toHaveLength(1000);
});

test("what an engine says to run by hand is passed on, and so is what we say ourselves", () => {
  const remedy = ["GRANT pg_signal_backend TO daypass_admin;"];
  const refused = Object.assign(engineError("permission", "It may not."), { remedy });
  expect(failureOf(refused)).toEqual({ reason: "permission", message: "It may not.", blockers: [], remedy });
  const one = { host: "a.example.com", port: 5432, identity: "one" };
  const changed = failureOf(serverChanged(one, { ...one, host: "b.example.com", identity: "two" }));
  expect(changed).toMatchObject({
    reason: "server-changed",
    blockers: ["made on a.example.com:5432 (one)", "found b.example.com:5432 (two)"],
  });
  expect(changed.remedy).toHaveLength(2);
});

test("a remedy that is none is left out", () => {
  const odd = Object.assign(engineError("other", "No."), { remedy: [1, { sql: "x" }, "DROP ROLE x;"] });
  expect(failureOf(odd).remedy).toEqual(["DROP ROLE x;"]);
});
