import { z } from "zod";
import type { AccountRef, EngineError, Target } from "../engine.ts";
import { inTransaction, type Session } from "./connection.ts";
import { isLockTimeout, sqlState, toEngineError } from "./failure.ts";
import { identifier, sql } from "./quote.ts";
import { claimAccount, type Role } from "./role.ts";

/**
 * Commits the loss of every membership. Those that the administrator may not take away are returned as statements for
 * a person; one whose row someone has locked fails after the others were taken.
 */
export async function takeRights(
  session: Session,
  target: Target,
  account: AccountRef,
  version: number,
  lockTimeoutMs: number,
): Promise<string[]> {
  const { kept, locked } = await inTransaction(
    session,
    async () => {
      const role = await claimAccount(session, target, account);
      return role === undefined ? { kept: [], locked: undefined } : leaveGroups(session, role, version);
    },
    lockTimeoutMs,
  );
  if (locked !== undefined) throw locked;
  return kept;
}

async function leaveGroups(
  session: Session,
  role: Role,
  version: number,
): Promise<{ kept: string[]; locked: EngineError | undefined }> {
  const kept: string[] = [];
  let locked: EngineError | undefined;
  for (const { group, grantor } of await membershipsOf(session, role.oid)) {
    const by = version >= 16 ? sql` GRANTED BY ${identifier(grantor)}` : "";
    const text = sql`REVOKE ${identifier(group)} FROM ${identifier(role.name)}${by}`;
    await session.run("SAVEPOINT membership");
    try {
      await session.run(text);
      await session.run("RELEASE SAVEPOINT membership");
    } catch (error) {
      if (sqlState(error) !== "42501" && !isLockTimeout(error)) throw error;
      await session.run("ROLLBACK TO SAVEPOINT membership");
      if (isLockTimeout(error)) locked = toEngineError(error, `taking ${group} from ${role.name}`);
      else kept.push(`${text};`);
    }
  }
  return { kept, locked };
}

export async function membershipsOf(
  session: Session,
  oid: number,
): Promise<{ group: string; grantor: string }[]> {
  return session.rows(z.strictObject({ group: z.string(), grantor: z.string() }), membershipQuery, [oid]);
}

const membershipQuery = `SELECT g.rolname::text AS group, pg_get_userbyid(m.grantor)::text AS grantor
  FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = $1 ORDER BY 1, 2`;
