import { z } from "zod";
import type { Level, PreflightCheck } from "../engine.ts";
import { type Cascade, cascadesBetweenDatabases } from "./cascades.ts";
import type { Session } from "./connection.ts";
import type { Dialect } from "./dialect.ts";
import { has, rightsOn } from "./held-rights.ts";
import { grantDatabaseRights } from "./install.ts";
import { check } from "./preflight-check.ts";
import { literal } from "./quote.ts";
import { levelPrivileges } from "./rights.ts";
import { tableCountProblem } from "./scope.ts";
import type { Grant } from "./show-grants.ts";

/** What can be lent in each of these databases, and what an account would reach from there. */
export async function databaseChecks(
  session: Session,
  administrator: string,
  grants: readonly Grant[],
  databases: readonly string[],
): Promise<PreflightCheck[]> {
  const cascades = await cascadesBetweenDatabases(session);
  const checks: PreflightCheck[] = [];
  for (const database of databases) {
    checks.push(lendableCheck(session.dialect, administrator, grants, database));
    checks.push(...(await tableCountChecks(session, database)), ...cascadeChecks(cascades, database));
  }
  return checks;
}

async function tableCountChecks(session: Session, database: string): Promise<PreflightCheck[]> {
  const [found] = await session.rows(
    z.strictObject({ tables: z.number() }),
    `SELECT COUNT(*) AS tables FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${literal(database)}`,
  );
  const problem = tableCountProblem({ kind: "database" }, database, found?.tables ?? 0);
  if (problem === null) return [];
  const sentence = `It cannot be lent as a whole: ${problem}.`;
  return [{ ...check(false, { id: "tables", otherwise: "warning", yes: "", no: sentence }), database }];
}

function cascadeChecks(cascades: readonly Cascade[] | undefined, database: string): PreflightCheck[] {
  const here = cascades?.filter((one) => one.database === database) ?? [];
  if (here.length === 0) return [];
  const named = here.slice(0, 10).map(({ parent, child }) => `${parent} changes ${child}`);
  const more = here.length > named.length ? `; and ${here.length - named.length} more` : "";
  const sentence = `Foreign keys pass changes on to other databases, whatever the rights there: ${named.join("; ")}${more}.`;
  return [{ ...check(false, { id: "cascades", otherwise: "warning", yes: "", no: sentence }), database }];
}

/** Which levels can be lent in one database; none of its own checks keeps the others from being lent. */
function lendableCheck(
  dialect: Dialect,
  administrator: string,
  grants: readonly Grant[],
  database: string,
): PreflightCheck {
  const held = rightsOn(
    grants.filter((one) => one.grantable),
    database,
    dialect,
  );
  const levels: Level[] = ["read", "write", "ddl"];
  const lendable = levels.filter((level) => levelPrivileges(level).every((right) => has(held, right)));
  const statements = [{ database: null, sql: grantDatabaseRights(dialect, administrator, database, "ddl") }];
  return {
    id: "lendable",
    database,
    status: lendable.length === levels.length ? "ok" : lendable.length > 0 ? "warning" : "missing",
    sentence:
      lendable.length === levels.length
        ? `All levels can be lent in database ${database}.`
        : `In database ${database} ${lendable.length === 0 ? "no level" : `only ${lendable.join(" and ")}`} can be lent.`,
    statements: lendable.length === levels.length ? [] : statements,
  };
}
