import { z } from "zod";
import { type AccountRef, EngineError, type Target } from "../engine.ts";
import { asAdministrator, inTransaction, type Session } from "./connection.ts";
import { cleanGroups } from "./group-leftovers.ts";
import { handOver } from "./hand-over.ts";
import { keeperName } from "./names.ts";
import type { VisitedDatabase } from "./owned.ts";
import { identifier, literal, sql } from "./quote.ts";
import { claimAccount, proveAccount, type Role } from "./role.ts";
import { majorVersion } from "./server-version.ts";

/**
 * Leaves nothing in one database that depends on the account: finishes its prepared transactions, hands what it owns
 * to the keeper without the rights it gave on it, and drops what it was granted. Returns what the keeper received.
 */
export async function cleanDatabase(
  target: Target,
  account: AccountRef,
  database: VisitedDatabase,
): Promise<string[]> {
  if (!database.acceptsConnections) {
    throw new EngineError("permission", `database ${database.name} accepts no connections`, {
      remedy: [sql`ALTER DATABASE ${identifier(database.name)} ALLOW_CONNECTIONS true;`],
    });
  }
  return asAdministrator(target, database.name, async (session) => {
    await rollBackPrepared(session, target, account);
    if ((await majorVersion(session)) < 16) await cleanGroups(session, target);
    return inTransaction(session, async () => {
      const role = await claimAccount(session, target, account);
      return role === undefined ? [] : release(session, target, role);
    });
  });
}

/** A prepared transaction holds its locks for ever, and DROP ROLE waits for it; only its owner may end it. */
async function rollBackPrepared(session: Session, target: Target, account: AccountRef): Promise<void> {
  const role = await proveAccount(session, target, account);
  if (role === undefined) return;
  const prepared = await session.rows(
    z.strictObject({ gid: z.string() }),
    "SELECT gid FROM pg_prepared_xacts WHERE owner = $1 AND database = current_database()",
    [role.name],
  );
  if (prepared.length === 0) return;
  await session.run(sql`SET ROLE ${identifier(role.name)}`);
  for (const { gid } of prepared) await session.run(sql`ROLLBACK PREPARED ${literal(gid)}`);
  await session.run("RESET ROLE");
}

async function release(session: Session, target: Target, role: Role): Promise<string[]> {
  const kept = await handOver(session, role, keeperName(target.stack));
  await session.run(sql`DROP OWNED BY ${identifier(role.name)}`);
  return kept.map((description) => `${session.database}: ${description}`);
}
