import { type AccountPlan, EngineError } from "../engine.ts";
import { scopeProblem } from "./privileges.ts";
import { requireAccountRef } from "./role.ts";

/** Refuses a malformed plan before anything is opened. */
export function requirePlan(plan: AccountPlan): void {
  requireAccountRef(plan);
  if (plan.database === "" || plan.database.includes("\0")) invalid("the database's name is malformed");
  const problem = scopeProblem(plan.level, plan.scope);
  if (problem !== null) invalid(problem);
  requireInstant(plan.expiresAtMs);
  requireRange("connectionLimit", plan.connectionLimit, 1, 1_000);
  requireRange("statementTimeoutMs", plan.statementTimeoutMs, 1_000, 2_147_483_647);
  requireRange("idleInTransactionTimeoutMs", plan.idleInTransactionTimeoutMs, 1_000, 2_147_483_647);
}

/** Between 1970 and the year 9999, in whole milliseconds: what every driver and server reads alike. */
export function requireInstant(epochMs: number): void {
  if (!Number.isSafeInteger(epochMs) || epochMs <= 0 || epochMs >= 253_402_300_800_000) {
    invalid("the end must be an instant in whole milliseconds");
  }
}

function requireRange(field: string, value: number | undefined, least: number, most: number): void {
  if (value !== undefined && !(Number.isSafeInteger(value) && value >= least && value <= most)) {
    invalid(`${field} must be a whole number from ${least} to ${most}`);
  }
}

function invalid(message: string): never {
  throw new EngineError("invalid", message);
}
