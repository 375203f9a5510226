import { type AccountPlan, EngineError } from "../engine.ts";
import { requireInstant, requireRange } from "../plan-limits.ts";
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

function invalid(message: string): never {
  throw new EngineError("invalid", message);
}
