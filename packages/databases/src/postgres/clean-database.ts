import { type AccountRef, EngineError, type Target } from "../engine.ts";
import { asAdministrator, inTransaction, type Session } from "./connection.ts";
import { cleanGroups } from "./group-leftovers.ts";
import { handOver } from "./hand-over.ts";
import { keeperName } from "./names.ts";
import type { VisitedDatabase } from "./owned.ts";
import { rollBackPrepared } from "./prepared.ts";
import { identifier, sql } from "./quote.ts";
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
    const proven = await proveAccount(session, target, account);
    if (proven !== undefined) await rollBackPrepared(session, proven.name);
    if ((await majorVersion(session)) < 16) await cleanGroups(session, target);
    return inTransaction(session, async () => {
      const role = await claimAccount(session, target, account);
      return role === undefined ? [] : release(session, target, role);
    });
  });
}

async function release(session: Session, target: Target, role: Role): Promise<string[]> {
  const kept = await handOver(session, role, keeperName(target.stack));
  await session.run(sql`DROP OWNED BY ${identifier(role.name)}`);
  return kept.map((description) => `${session.database}: ${description}`);
}
