import type { AccountPlan } from "@daypass/databases/engine.ts";
import { expect } from "vitest";
import { flavourWords } from "./flavours.ts";
import type { MysqlWorld } from "./mysql-world.ts";

/** Looked at by root, and not by what is under test. */
export async function expectNothingLeft(
  world: Pick<MysqlWorld, "byHand">,
  plan: Pick<AccountPlan, "name">,
): Promise<void> {
  const [left] = await world.byHand(
    `SELECT (SELECT COUNT(*) FROM ${flavourWords.accounts} AS known WHERE User = '${plan.name}') AS accounts,
       (SELECT COUNT(*) FROM mysql.db WHERE User = '${plan.name}') AS databaseRights,
       (SELECT COUNT(*) FROM mysql.tables_priv WHERE User = '${plan.name}') AS tableRights,
       (SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = '${plan.name}') AS sessions`,
  );
  expect(left).toEqual({ accounts: 0, databaseRights: 0, tableRights: 0, sessions: 0 });
}
