import { z } from "zod";
import { type AccountPlan, EngineError, type Scope } from "../engine.ts";
import type { Session } from "./connection.ts";
import { isReserved } from "./names.ts";
import { type Right, rightsOf } from "./rights.ts";

/** Why this scope is impossible in this database, or null. A schema is the database itself here. */
export function scopeProblem(scope: Scope, database: string): string | null {
  if (!isName(database)) return "the database's name is malformed";
  if (isReserved(database)) return `database ${database} belongs to the server`;
  if (scope.kind === "database") return null;
  if (scope.objects.length === 0) return "the scope names no schema and no table";
  if (scope.objects.length > 500)
    return "the scope names more than 500 objects; ask for the database instead";
  for (const { schema, table } of scope.objects) {
    if (!isName(schema) || (table !== undefined && !isName(table))) return "the scope has a malformed name";
    if (schema !== database) return `schema ${schema} is not database ${database}`;
  }
  return null;
}

/** The rights of a plan, after the server showed that what it names exists. */
export async function readRights(session: Session, plan: AccountPlan): Promise<Right[]> {
  const schemas = await session.rows(
    z.strictObject({ name: z.string() }),
    "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?",
    [plan.database],
  );
  // Names may be compared without case on this server; rights are written by the very name that was asked for.
  if (!schemas.some(({ name }) => name === plan.database)) {
    throw new EngineError("invalid", `there is no database ${plan.database} on this server`);
  }
  if (plan.scope.kind === "database") return rightsOf(plan);
  const tables = await session.rows(
    z.strictObject({ name: z.string(), type: z.string() }),
    "SELECT TABLE_NAME AS name, TABLE_TYPE AS type FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?",
    [plan.database],
  );
  const known = new Map(tables.map(({ name, type }) => [name, type]));
  for (const { schema, table } of plan.scope.objects) {
    if (table !== undefined && !known.has(table)) {
      throw new EngineError("invalid", `there is no table ${schema}.${table}`);
    }
  }
  return rightsOf(
    plan,
    tables.filter(({ type }) => type.includes("VIEW")).map(({ name }) => name),
  );
}

function isName(name: string): boolean {
  return name !== "" && !name.includes("\0") && !name.endsWith(" ") && name.length <= 64;
}
