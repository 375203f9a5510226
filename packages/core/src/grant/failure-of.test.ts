import { expect, test } from "vitest";
import { DomainError, invalid } from "../kernel/errors.ts";
import { failureOf } from "./failure-of.ts";

const engineError = (kind: unknown, message: string) =>
  Object.assign(new Error(message), { name: "EngineError", kind });

test.each([
  ["unreachable", "unreachable"],
  ["authentication", "permission"],
  ["permission", "permission"],
  ["conflict", "other"],
  ["something new", "other"],
])("an engine's %s is told as %s, in the engine's words", (kind, reason) => {
  expect(failureOf(engineError(kind, "as it is"))).toEqual({ reason, message: "as it is" });
});

test("an error of ours keeps its sentence", () => {
  const busy = new DomainError("unavailable", "table.busy", "Others are changing the same thing.");
  expect(failureOf(busy)).toEqual({ reason: "unreachable", message: "Others are changing the same thing." });
  expect(failureOf(invalid("instance.missing", "It is gone."))).toEqual({
    reason: "other",
    message: "It is gone.",
  });
});

test("words that were not made to be shown are not: they may hold a secret", () => {
  const secret = 'password authentication failed for "postgres://dp:hunter2@db"';
  expect(failureOf(new TypeError(secret))).toEqual({
    reason: "other",
    message: "Unexpected error (TypeError).",
  });
  const pretending = Object.assign(new Error(secret), { kind: "unreachable" });
  expect(failureOf(pretending).message).not.toContain("hunter2");
  expect(failureOf(engineError(undefined, secret)).message).not.toContain("hunter2");
  expect(failureOf(secret)).toEqual({ reason: "other", message: "Unexpected error (unknown)." });
});

test("a long message is cut to what an event may hold", () => {
  expect(failureOf(engineError("unreachable", "x".repeat(5000))).message).toHaveLength(1000);
});
