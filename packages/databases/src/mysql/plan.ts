import { type AccountPlan, EngineError } from "../engine.ts";
import { requireInstant, requireRange } from "../plan-limits.ts";
import { requireAccountRef } from "./accounts.ts";
import { scopeProblem } from "./scope.ts";

export const defaultConnectionLimit = 10;
export const defaultStatementTimeoutMs = 30 * 60_000;

/** Refuses a malformed plan before anything is opened. */
export function requirePlan(plan: AccountPlan): void {
  requireAccountRef(plan);
  const problem = scopeProblem(plan.level, plan.scope, plan.database);
  if (problem !== null) throw new EngineError("invalid", problem);
  requireInstant(plan.expiresAtMs);
  requireRange("connectionLimit", plan.connectionLimit, 1, 1_000);
  requireRange("statementTimeoutMs", plan.statementTimeoutMs, 1_000, 2_147_483_647);
  requireRange("idleInTransactionTimeoutMs", plan.idleInTransactionTimeoutMs, 1_000, 2_147_483_647);
}
