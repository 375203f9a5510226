import { z } from "zod";
import { type AccountRef, EngineError, type Target } from "../engine.ts";
import { again } from "./again.ts";
import { asAdministrator, inTransaction, type Session } from "./connection.ts";
import { sqlState, toEngineError } from "./failure.ts";
import { identifier, sql } from "./quote.ts";
import { claimAccount, type Role } from "./role.ts";
import { majorVersion } from "./server-version.ts";
import { endSessions } from "./sessions.ts";

/** The quarantine step alone: no login, no rights through groups, no session. An absent account needs none. */
export async function denyLogin(target: Target, account: AccountRef): Promise<{ sessionsEnded: number }> {
  return asAdministrator(target, target.maintenanceDatabase, async (session) => {
    const denied = await closeAccount(session, target, account);
    if (denied === undefined) return { sessionsEnded: 0 };
    const { ended, left } = await endSessions(session, denied.role.oid);
    if (left === 0) return { sessionsEnded: ended };
    throw new EngineError("permission", `${left} sessions of ${account.name} could not be ended`, {
      remedy: [sql`GRANT pg_signal_backend TO ${identifier(target.administrator.username)};`],
    });
  });
}

/**
 * `kept` are memberships that the administrator could not take away, as statements for a person; `failure` is why
 * the administrator may not clean up after the account.
 */
export type Closed = { role: Role; kept: string[]; failure: EngineError | undefined };

/** Commits NOLOGIN and the loss of memberships before anything else, so that what follows may fail without harm. */
export async function closeAccount(
  session: Session,
  target: Target,
  account: AccountRef,
): Promise<Closed | undefined> {
  const version = await majorVersion(session);
  const closed = await again(() =>
    inTransaction(session, async () => {
      const role = await claimAccount(session, target, account);
      if (role === undefined) return undefined;
      await session.run(sql`ALTER ROLE ${identifier(role.name)} NOLOGIN CONNECTION LIMIT 0`);
      return { role, kept: await leaveGroups(session, role, version) };
    }),
  );
  if (closed === undefined) return undefined;
  return { ...closed, failure: await becomeMember(session, target, account, version) };
}

/**
 * Finishing what an account prepared, and handing over what it owns, asks of us to be its member. Under the account's
 * lock: the server would note a membership in a role that another revocation drops at that moment, and never forget it.
 */
async function becomeMember(
  session: Session,
  target: Target,
  account: AccountRef,
  version: number,
): Promise<EngineError | undefined> {
  const how = version >= 16 ? " WITH INHERIT TRUE, SET TRUE" : "";
  try {
    await again(() =>
      inTransaction(session, async () => {
        const role = await claimAccount(session, target, account);
        if (role !== undefined) await session.run(sql`GRANT ${identifier(role.name)} TO CURRENT_USER${how}`);
      }),
    );
    return undefined;
  } catch (error) {
    const failure = toEngineError(error, `becoming a member of ${account.name}`);
    if (failure.kind === "unreachable") throw failure;
    // Dropped by another revocation meanwhile: there is nothing left to clean up.
    return sqlState(error) === "42704" ? undefined : failure;
  }
}

async function leaveGroups(session: Session, role: Role, version: number): Promise<string[]> {
  const memberships = await session.rows(membershipRow, membershipQuery, [role.oid]);
  const kept: string[] = [];
  for (const { group, grantor } of memberships) {
    const by = version >= 16 ? sql` GRANTED BY ${identifier(grantor)}` : "";
    const text = sql`REVOKE ${identifier(group)} FROM ${identifier(role.name)}${by}`;
    await session.run("SAVEPOINT membership");
    try {
      await session.run(text);
      await session.run("RELEASE SAVEPOINT membership");
    } catch (error) {
      if (sqlState(error) !== "42501") throw error;
      await session.run("ROLLBACK TO SAVEPOINT membership");
      kept.push(`${text};`);
    }
  }
  return kept;
}

const membershipRow = z.strictObject({ group: z.string(), grantor: z.string() });

const membershipQuery = `SELECT g.rolname::text AS group, pg_get_userbyid(m.grantor)::text AS grantor
  FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = $1 ORDER BY 1, 2`;
