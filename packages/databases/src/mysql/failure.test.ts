import { expect, test } from "vitest";
import { EngineError } from "../engine.ts";
import { errorNumber, isLockTimeout, isRefusal, toEngineError } from "./failure.ts";

function refusal(errno: number, sqlMessage = "refused"): Error {
  return Object.assign(new Error(sqlMessage), { code: "ER_X", errno, sqlState: "HY000", sqlMessage });
}

test.each([
  [1045, "authentication"],
  [4151, "authentication"],
  [1044, "permission"],
  [1142, "permission"],
  [1227, "permission"],
  [1095, "permission"],
  [1040, "unreachable"],
  [1053, "unreachable"],
  [1203, "unreachable"],
  [1205, "conflict"],
  [1213, "conflict"],
  [1396, "conflict"],
  [1049, "invalid"],
  [1146, "invalid"],
])("error %i of the server is %s", (number, kind) => {
  expect(toEngineError(refusal(number), "doing")).toMatchObject({ kind, message: "doing: refused" });
});

test.each([
  [Object.assign(new Error("x"), { code: "ECONNREFUSED" }), "unreachable"],
  [Object.assign(new Error("x"), { code: "ETIMEDOUT" }), "unreachable"],
  [Object.assign(new Error("x"), { code: "PROTOCOL_CONNECTION_LOST" }), "unreachable"],
  [new Error("Can't add new command when connection is in closed state"), "unreachable"],
  [Object.assign(new Error("x"), { code: "HANDSHAKE_SSL_ERROR" }), "authentication"],
  [Object.assign(new Error("x"), { code: "HANDSHAKE_NO_SSL_SUPPORT" }), "authentication"],
  [new TypeError("an identifier cannot be empty"), "invalid"],
  [new RangeError("what nobody thought of: SECRET"), "other"],
  ["SECRET", "other"],
])("%s is %s", (error, kind) => {
  const failure = toEngineError(error, "doing");
  expect(failure.kind).toBe(kind);
  expect(failure.message).not.toContain("SECRET");
});

test("a message that quotes our text, and with it perhaps a hash, is not passed on", () => {
  const failure = toEngineError(refusal(1064, "syntax error near '*HASH'"), "doing");
  expect(failure).toMatchObject({ kind: "other", message: "doing: the server refused (error 1064)" });
});

test("an error of ours passes as it is, and knows the server's number", () => {
  const error = new EngineError("conflict", "x", { cause: refusal(1205) });
  expect(toEngineError(error, "doing")).toBe(error);
  expect(errorNumber(error)).toBe(1205);
  expect([isLockTimeout(error), isRefusal(error)]).toEqual([true, false]);
  expect(errorNumber(Object.assign(new Error("x"), { errno: -111, code: "ECONNREFUSED" }))).toBeUndefined();
});
