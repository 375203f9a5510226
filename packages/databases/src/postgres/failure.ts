import pg from "pg";
import { EngineError, type EngineErrorKind } from "../engine.ts";

/** Turns whatever the driver or the network threw into an error whose message is safe to show. */
export function toEngineError(error: unknown, doing: string): EngineError {
  if (error instanceof EngineError) return error;
  const { kind, because } = explain(error);
  return new EngineError(kind, `${doing}: ${because}`, {
    cause: error,
    ...(isOutOfLocks(error) ? { remedy: moreLocks } : {}),
  });
}

export function sqlState(error: unknown): string | undefined {
  if (error instanceof pg.DatabaseError) return error.code;
  return error instanceof EngineError && error.cause !== undefined ? sqlState(error.cause) : undefined;
}

/** Failures that a second try mends: two writers of one catalog row, a lock held for a moment, a name made twice. */
export function isCollision(error: unknown): boolean {
  const state = sqlState(error);
  if (state === "XX000") return /tuple concurrently (updated|deleted)/.test(String(error));
  return state !== undefined && collisions.has(state);
}

export function isLockTimeout(error: unknown): boolean {
  const state = sqlState(error);
  return state === "55P03" || state === "57014";
}

const moreLocks = [
  "ALTER SYSTEM SET max_locks_per_transaction = 1024;",
  "-- The server has to be restarted before more locks fit; or wait until the sessions that hold many have ended.",
];

/** The server's table of locks is full: "out of shared memory". */
export function isOutOfLocks(error: unknown): boolean {
  return sqlState(error) === "53200";
}

/** 40001 serialization, 40P01 deadlock, 55P03 lock timeout, 23505 and 42710 made twice, 42704 dropped meanwhile. */
const collisions = new Set(["40001", "40P01", "55P03", "23505", "42710", "42704"]);

function explain(error: unknown): { kind: EngineErrorKind; because: string } {
  if (error instanceof pg.DatabaseError) return { kind: kindOf(error.code ?? ""), because: error.message };
  if (!(error instanceof Error)) return { kind: "other", because: "an unknown failure" };
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (/^(ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)) {
    return { kind: "authentication", because: `the server's certificate was refused (${code})` };
  }
  if (/does not support SSL|SASL|SCRAM/.test(error.message)) {
    return { kind: "authentication", because: error.message };
  }
  if (/^E[A-Z]+$/.test(code) || /terminated|timeout|closed|not queryable|Connection/i.test(error.message)) {
    return { kind: "unreachable", because: code === "" ? error.message : `no connection (${code})` };
  }
  // A TypeError from our own quoting is a bad argument; its message is ours.
  return error instanceof TypeError
    ? { kind: "invalid", because: error.message }
    : { kind: "other", because: `an unexpected failure (${error.name})` };
}

function kindOf(state: string): EngineErrorKind {
  if (state.startsWith("28")) return "authentication";
  // The server works; it has no room for one more lock.
  if (state === "53200") return "capacity";
  // Connection failures, shutdown in progress, and no free connection slot: the server cannot be worked with now.
  if (/^(08|57P0|53)/.test(state)) return "unreachable";
  if (state === "42501") return "permission";
  if (/^(55|40|2BP01|42710|23505|57014)/.test(state)) return "conflict";
  return /^(3D000|3F000|42P01|22)/.test(state) ? "invalid" : "other";
}
