import pg from "pg";
import { expect, test } from "vitest";
import { EngineError } from "../engine.ts";
import { isCollision, toEngineError } from "./failure.ts";

function refusal(code: string, message = "refused"): pg.DatabaseError {
  const error = new pg.DatabaseError(message, message.length, "error");
  error.code = code;
  return error;
}

test.each([
  ["28P01", "authentication"],
  ["28000", "authentication"],
  ["42501", "permission"],
  ["08006", "unreachable"],
  ["57P01", "unreachable"],
  ["57P03", "unreachable"],
  ["53300", "unreachable"],
  ["53200", "capacity"],
  ["55P03", "conflict"],
  ["2BP01", "conflict"],
  ["3D000", "invalid"],
  ["42601", "other"],
])("SQLSTATE %s is %s", (code, kind) => {
  expect(toEngineError(refusal(code), "doing")).toMatchObject({ kind, message: "doing: refused" });
});

test.each([
  [Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }), "unreachable"],
  [Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" }), "unreachable"],
  [new Error("Connection terminated unexpectedly"), "unreachable"],
  [new Error("timeout expired"), "unreachable"],
  [new Error("Query read timeout"), "unreachable"],
  [
    Object.assign(new Error("self-signed certificate"), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" }),
    "authentication",
  ],
  [new Error("The server does not support SSL connections"), "authentication"],
  [new TypeError("an identifier cannot be empty"), "invalid"],
  [new RangeError("what nobody thought of: SECRET"), "other"],
  ["SECRET", "other"],
])("%s is %s", (error, kind) => {
  const failure = toEngineError(error, "doing");
  expect(failure.kind).toBe(kind);
  expect(failure.message).not.toContain("SECRET");
});

test("an error of ours passes as it is", () => {
  const error = new EngineError("conflict", "not ours", { remedy: ["DO IT;"] });
  expect(toEngineError(error, "doing")).toBe(error);
});

test("two writers of one catalog row are a collision, a broken server is not", () => {
  expect(isCollision(refusal("XX000", "tuple concurrently updated"))).toBe(true);
  expect(isCollision(refusal("XX000", "cache lookup failed"))).toBe(false);
  expect(isCollision(refusal("55P03"))).toBe(true);
  expect(isCollision(refusal("42501"))).toBe(false);
  expect(isCollision(new Error("tuple concurrently updated"))).toBe(false);
});
