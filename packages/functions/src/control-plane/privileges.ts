import type { DatabaseRef, Level, Scope } from "@daypass/core/catalog/catalog.view.ts";
import { conflict } from "@daypass/core/kernel/errors.ts";
import type { PrivilegesView } from "@daypass/core/request/request.view.ts";
import { describePrivileges } from "@daypass/databases/postgres/privileges.ts";
import { engineScope } from "../engine-scope.ts";

/** What an account will be able to do, as the broker will make it so. What is only known then stands in <>. */
export function privilegesOf(
  stack: string,
  { engine, name }: DatabaseRef,
  level: Level,
  scope: Scope,
): PrivilegesView {
  if (engine !== "postgres")
    throw conflict("privileges.engine", "Accounts of this engine cannot be lent yet.");
  const account = { name: "dp_<grant>", grantId: "<grant>", expiresAtMs: 0 };
  const details = { stack, serverVersion: 17, account };
  const { can, cannot, statements } = describePrivileges(level, engineScope(scope), name, details);
  return {
    can: can.map(({ text }) => text),
    cannot: cannot.map(({ text }) => text),
    sql: statements.map((text) => text.replace(/VALID UNTIL '[^']*'/, "VALID UNTIL '<end of access>'")),
  };
}
