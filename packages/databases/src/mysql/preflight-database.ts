import type { Level, PreflightCheck } from "../engine.ts";
import type { Dialect } from "./dialect.ts";
import { has, rightsOn } from "./held-rights.ts";
import { grantDatabaseRights } from "./install.ts";
import { levelPrivileges } from "./rights.ts";
import type { Grant } from "./show-grants.ts";

/** Which levels can be lent in one database; none of its own checks keeps the others from being lent. */
export function databaseCheck(
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
