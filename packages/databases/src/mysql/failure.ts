import { EngineError, type EngineErrorKind } from "../engine.ts";

/** Turns whatever the driver or the network threw into an error whose message is safe to show. */
export function toEngineError(error: unknown, doing: string): EngineError {
  if (error instanceof EngineError) return error;
  const { kind, because } = explain(error);
  return new EngineError(kind, `${doing}: ${because}`, { cause: error });
}

/** The server's own number of what it refused; undefined for what is no refusal of the server. */
export function errorNumber(error: unknown): number | undefined {
  if (error instanceof EngineError) return error.cause === undefined ? undefined : errorNumber(error.cause);
  return error instanceof Error && "errno" in error && "sqlState" in error && typeof error.errno === "number"
    ? error.errno
    : undefined;
}

/** The right is missing: to a database, table, column, routine, server-wide; to end a session. */
export function isRefusal(error: unknown): boolean {
  const number = errorNumber(error);
  return number !== undefined && refusals.has(number);
}

export function isLockTimeout(error: unknown): boolean {
  const number = errorNumber(error);
  return number !== undefined && lockFailures.has(number);
}

/** MySQL keeps an account that is the definer of views, routines, triggers or events. */
export function isDefiner(error: unknown): boolean {
  return errorNumber(error) === 4006;
}

/** No such table or database: the register is not there. */
export function isMissing(error: unknown): boolean {
  const number = errorNumber(error);
  return number === 1049 || number === 1146;
}

/** 1095 is KILL; 1227 names the right that is missing; 1410 is a grant to somebody who does not exist. */
const refusals = new Set([1044, 1095, 1131, 1142, 1143, 1227, 1370, 1698, 3619]);
/** Waited too long for a row or a table, chosen as victim, taken too long. */
const lockFailures = new Set([1205, 1213, 1969, 3024]);
const loginFailures = new Set([1045, 1130, 1820, 1862, 3118, 3159, 4151]);
/** No free connection, shutting down, not started yet, gone away. */
const absences = new Set([1040, 1053, 1077, 1129, 1152, 1203, 1226, 1927, 2006, 2013]);
const badRequests = new Set([1049, 1146, 1470]);

function explain(error: unknown): { kind: EngineErrorKind; because: string } {
  const number = errorNumber(error);
  if (number !== undefined && error instanceof Error) {
    if (isDefiner(error)) return { kind: "conflict", because: "it is the definer of objects on this server" };
    const kind = kindOf(number);
    // What the server says about text that it does not understand quotes the text, and with it perhaps a hash.
    return { kind, because: kind === "other" ? `the server refused (error ${number})` : textOf(error) };
  }
  if (!(error instanceof Error)) return { kind: "other", because: "an unknown failure" };
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (/^(HANDSHAKE_|ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|AUTH_SWITCH)/.test(code)) {
    return { kind: "authentication", because: `the server or its certificate was refused (${code})` };
  }
  if (
    /^(E[A-Z]+|PROTOCOL_CONNECTION_LOST|PROTOCOL_SEQUENCE_TIMEOUT)$/.test(code) ||
    /closed state/.test(error.message)
  ) {
    return { kind: "unreachable", because: `no connection (${code === "" ? "closed" : code})` };
  }
  // A TypeError from our own quoting is a bad argument; its message is ours.
  return error instanceof TypeError
    ? { kind: "invalid", because: error.message }
    : { kind: "other", because: `an unexpected failure (${error.name})` };
}

function textOf(error: Error): string {
  return "sqlMessage" in error && typeof error.sqlMessage === "string" ? error.sqlMessage : error.message;
}

function kindOf(number: number): EngineErrorKind {
  if (loginFailures.has(number)) return "authentication";
  if (absences.has(number)) return "unreachable";
  if (refusals.has(number)) return "permission";
  if (lockFailures.has(number) || number === 1396) return "conflict";
  return badRequests.has(number) ? "invalid" : "other";
}
