import { z } from "zod";
import type { AccountRef, Target } from "../engine.ts";
import type { Session } from "./connection.ts";
import { isLockTimeout } from "./failure.ts";
import { proveAccount, type Role } from "./role.ts";
import { endSessions } from "./sessions.ts";

/**
 * Proves the account, even if it keeps its marker from being read: a statement that PostgreSQL will refuse can wait for
 * a lock on a catalog before. Its name with the number that it got when it was made proves enough to end its sessions.
 */
export async function proveToClose(
  session: Session,
  target: Target,
  account: AccountRef,
): Promise<Role | undefined> {
  try {
    return await proveAccount(session, target, account);
  } catch (error) {
    if (!isLockTimeout(error) || account.serverId === undefined) throw error;
    const found = await session.rows(
      z.strictObject({ oid: z.number() }),
      "SELECT oid FROM pg_roles WHERE oid = $1 AND rolname = $2",
      [account.serverId, account.name],
    );
    for (const { oid } of found) await endSessions(session, oid, { once: true });
    return proveAccount(session, target, account);
  }
}
