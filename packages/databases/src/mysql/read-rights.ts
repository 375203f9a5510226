import { z } from "zod";
import { type AccountPlan, EngineError, type Target } from "../engine.ts";
import type { Session } from "./connection.ts";
import { cannotLend } from "./give-rights.ts";
import { has, rightsOn } from "./held-rights.ts";
import { identifier, sql } from "./quote.ts";
import { levelPrivileges, type Relation, type Right, rightsOf } from "./rights.ts";
import { isWhole, tableCountProblem } from "./scope.ts";
import { showGrants } from "./show-grants.ts";

/** The rights of a plan, after the server showed that what it names exists. Level ddl may name tables to create. */
export async function readRights(session: Session, target: Target, plan: AccountPlan): Promise<Right[]> {
  await requireDatabase(session, plan.database);
  if (isWhole(plan.scope)) await requireLendable(session, target, plan);
  const found = await listRelations(session, plan.database);
  const problem = tableCountProblem(plan.scope, plan.database, found.length);
  if (problem !== null) throw new EngineError("invalid", problem);
  return rightsOf(plan, isWhole(plan.scope) ? found : await named(session, plan, found));
}

async function requireDatabase(session: Session, database: string): Promise<void> {
  const found = await session.rows(
    z.strictObject({ name: z.string() }),
    "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?",
    [database],
  );
  // Names may be compared without case on this server; rights are written by the very name that was asked for.
  if (!found.some(({ name }) => name === database)) {
    throw new EngineError("invalid", `there is no database ${database} on this server`);
  }
}

/** An administrator with rights on some tables sees these alone, and would lend less than was approved. */
async function requireLendable(session: Session, target: Target, plan: AccountPlan): Promise<void> {
  const grantable = (await showGrants(session, "me")).filter((one) => one.grantable);
  const held = rightsOn(grantable, plan.database, session.dialect);
  if (levelPrivileges(plan.level).every((right) => has(held, right))) return;
  throw cannotLend(session, target, plan);
}

/** Tables, views and sequences. `information_schema.TABLES` would wait for tables that somebody is creating. */
async function listRelations(session: Session, database: string): Promise<Relation[]> {
  const rows = await session.rows(
    z.object({ Table_type: z.string() }).catchall(z.string()),
    sql`SHOW FULL TABLES FROM ${identifier(database)}`,
  );
  return rows.map(({ Table_type: type, ...names }) => {
    const [name] = Object.values(names);
    if (name === undefined) throw new EngineError("other", "the server listed a table without its name");
    return { name, isView: type.includes("VIEW") };
  });
}

async function named(
  session: Session,
  { scope, level }: AccountPlan,
  found: readonly Relation[],
): Promise<Relation[]> {
  const known = new Map(found.map((relation) => [relation.name, relation]));
  const objects = scope.kind === "objects" ? scope.objects : [];
  const missing = objects.find(({ table }) => table !== undefined && !known.has(table));
  if (missing !== undefined && level !== "ddl") {
    throw new EngineError("invalid", `there is no table ${missing.schema}.${missing.table}`);
  }
  const isLower = missing !== undefined && (await keepsLowerCase(session));
  const names = new Set(
    objects.flatMap(({ table }) => {
      if (table === undefined) return [];
      return [isLower && !known.has(table) ? table.toLowerCase() : table];
    }),
  );
  return [...names].toSorted().map((name) => known.get(name) ?? { name, isView: false });
}

/** Such a server prints a name in SHOW GRANTS otherwise than it was written. */
async function keepsLowerCase(session: Session): Promise<boolean> {
  const [row] = await session.rows(
    z.strictObject({ setting: z.number() }),
    "SELECT @@lower_case_table_names AS setting",
  );
  return row?.setting !== 0;
}
