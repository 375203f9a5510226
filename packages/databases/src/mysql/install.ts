import type { Level, ManualStatement } from "../engine.ts";
import { type Dialect, killRight } from "./dialect.ts";
import { anyHost, registerName } from "./names.ts";
import { account, databasePattern, identifier, list, qualified, sql } from "./quote.ts";
import { levelPrivileges } from "./rights.ts";

/** A step that makes a stock server ready. */
export type InstallStep = ManualStatement & { purpose: string };

/**
 * Every statement that makes `administrator` (an account of its own, without SUPER and FILE) able to lend accounts of
 * the given levels on the given databases, in order. On RDS the master user has all of this but the last.
 */
export function installStatements(options: {
  dialect: Dialect;
  stack: string;
  administrator: string;
  databases: readonly { name: string; level: Level }[];
}): InstallStep[] {
  const { dialect, stack, administrator, databases } = options;
  const step = (purpose: string) => (text: string) => ({ database: null, purpose, sql: text });
  return [
    step("the administrator's account; put a long random password in place of the mark")(
      createAdministrator(administrator),
    ),
    ...grantServerRights(dialect, administrator).map(
      step("to make and lock accounts, to look at them, and to end their sessions"),
    ),
    ...grantSights(dialect, administrator).map(
      step("to see whose a session is, whatever it does just now, and what was prepared and not finished"),
    ),
    ...registerStatements(dialect, stack, administrator).map(
      step("a schema of its own: the register of accounts, and the event that ends them by itself"),
    ),
    ...databases.map(({ name, level }) =>
      step(`what the administrator may lend in database ${name}`)(
        grantDatabaseRights(dialect, administrator, name, level),
      ),
    ),
  ];
}

export function createAdministrator(administrator: string): string {
  return sql`CREATE USER ${account(administrator, anyHost)} IDENTIFIED BY '<password>';`;
}

export function grantServerRights(dialect: Dialect, administrator: string): string[] {
  const to = account(administrator, anyHost);
  return [
    sql`GRANT CREATE USER, PROCESS, SHOW DATABASES, ${killRight(dialect)} ON *.* TO ${to};`,
    sql`GRANT SELECT ON ${identifier("mysql")}.* TO ${to};`,
  ];
}

/** What shows the true user of a session; on MySQL also who prepared a transaction, and the right to look for those. */
export function grantSights(dialect: Dialect, administrator: string): string[] {
  const statements = [grantSight(administrator)];
  if (dialect.flavour === "mysql") statements.push(...grantPreparedSights(administrator));
  return statements;
}

export function grantSight(administrator: string): string {
  return grantTable("threads", administrator);
}

export function grantPreparedSights(administrator: string): string[] {
  return [
    sql`GRANT XA_RECOVER_ADMIN ON *.* TO ${account(administrator, anyHost)};`,
    grantTable("events_transactions_current", administrator),
  ];
}

function grantTable(table: string, administrator: string): string {
  return sql`GRANT SELECT ON ${qualified("performance_schema", table)} TO ${account(administrator, anyHost)};`;
}

export function grantKillRight(dialect: Dialect, administrator: string): string {
  return sql`GRANT ${killRight(dialect)} ON *.* TO ${account(administrator, anyHost)};`;
}

/** For the port that MySQL keeps for administrators. */
export function grantPortRight(administrator: string): string {
  return sql`GRANT SERVICE_CONNECTION_ADMIN ON *.* TO ${account(administrator, anyHost)};`;
}

/** An event may call `information_schema` and accounts by its maker's rights; the schema is out of every scope. */
export function registerStatements(dialect: Dialect, stack: string, administrator: string): string[] {
  const schema = databasePattern(registerName(stack), dialect.plainDatabaseNames);
  return [
    sql`CREATE SCHEMA IF NOT EXISTS ${identifier(registerName(stack))};`,
    sql`GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, EVENT ON ${schema}.* TO ${account(administrator, anyHost)};`,
  ];
}

/** The rights that the administrator passes on, for what exists and for what is made later. */
export function grantDatabaseRights(
  dialect: Dialect,
  administrator: string,
  database: string,
  level: Level,
): string {
  return sql`GRANT ${list(levelPrivileges(level))} ON ${databasePattern(database, dialect.plainDatabaseNames)}.* TO ${account(administrator, anyHost)} WITH GRANT OPTION;`;
}
