import type { DatabaseRef, Level, Scope } from "@daypass/core/catalog/catalog.view.ts";
import { defaultConnectionSettings } from "@daypass/core/catalog/connection-room.ts";
import type { PrivilegesView } from "@daypass/core/request/request.view.ts";
import { pastedSql as pastedInMysql } from "@daypass/databases/mysql/pasted-sql.ts";
import { describePrivileges as describeMysql } from "@daypass/databases/mysql/privileges.ts";
import { scopeProblem as mysqlProblem, tableCountProblem } from "@daypass/databases/mysql/scope.ts";
import { pastedSql as pastedInPostgres } from "@daypass/databases/postgres/pasted-sql.ts";
import {
  describePrivileges as describePostgres,
  scopeProblem as postgresProblem,
} from "@daypass/databases/postgres/privileges.ts";
import { visible } from "@daypass/databases/unseen.ts";
import { engineScope } from "../engine-scope.ts";

/** What an account will be able to do, as the broker will make it so. What is only known then stands in <>. */
export function privilegesOf(
  stack: string,
  { engine, name }: DatabaseRef,
  level: Level,
  scope: Scope,
  connectionLimit: number = defaultConnectionSettings.connectionsPerAccount,
): PrivilegesView {
  const account = { name: "dp_<grant>", grantId: "<grant>", expiresAtMs: 0, connectionLimit };
  const { can, cannot, statements } =
    engine === "postgres"
      ? describePostgres(level, engineScope(scope), name, { stack, serverVersion: 17, account })
      : describeMysql(level, engineScope(scope), name, { account });
  const pasted = engine === "postgres" ? pastedInPostgres : pastedInMysql;
  return {
    can: can.map(({ text }) => visible(text)),
    cannot: cannot.map(({ text }) => visible(text)),
    sql: statements.map((text) =>
      // Only in the statement that creates the account: the other statements hold names that people chose.
      pasted(
        text.startsWith("CREATE ROLE ")
          ? text.replace(/VALID UNTIL '[^']*'/, "VALID UNTIL '<end of access>'")
          : text,
      ),
    ),
  };
}

/** Why the broker would refuse to make such an account, as far as that can be told without asking the database. */
export function lendingProblem(
  { engine, name }: DatabaseRef,
  level: Level,
  scope: Scope,
  tables: number | undefined,
): string | null {
  const asked = engineScope(scope);
  if (engine === "postgres") return postgresProblem(level, asked);
  const problem = mysqlProblem(level, asked, name);
  return problem ?? (tables === undefined ? null : tableCountProblem(asked, name, tables));
}
