import { z } from "zod";
import {
  type AccountRef,
  EngineError,
  type Revocation,
  type RevokeProgress,
  type Target,
} from "../engine.ts";
import { looksAbsent, serverClockMs } from "./absence.ts";
import { again } from "./again.ts";
import { findBlockers } from "./blockers.ts";
import { cleanDatabase } from "./clean-database.ts";
import { asAdministrator, inTransaction, type Session } from "./connection.ts";
import { type Closed, closeAccount } from "./deny.ts";
import { isLockTimeout, sqlState, toEngineError } from "./failure.ts";
import { ensureKeeper } from "./keeper.ts";
import { databasesToVisit } from "./owned.ts";
import { identifier, sql } from "./quote.ts";
import { claimAccount, findRole, proveAccount, type Role } from "./role.ts";
import { majorVersion } from "./server-version.ts";
import { countSessions, endSessions } from "./sessions.ts";

type Trail = { sessionsEnded: number; databasesVisited: Set<string>; keptObjects: Set<string> };

/**
 * Takes an account back: deny login (committed first), end its sessions, clean every database of the server, drop,
 * look. Where nobody is logged in and nothing depends on it, it is dropped at once. "Already gone" is success because
 * a query showed it, not because of an error's text.
 */
export async function revoke(
  target: Target,
  account: AccountRef,
  progress: RevokeProgress = () => undefined,
): Promise<Revocation> {
  const trail: Trail = { sessionsEnded: 0, databasesVisited: new Set(), keptObjects: new Set() };
  return asAdministrator(target, target.maintenanceDatabase, async (session) => {
    const unused = await dropUnused(session, target, account);
    if (unused !== undefined) {
      await progress({ step: "dropped" });
      return confirm(session, target, account, unused.oid, trail);
    }
    const result = await close(session, target, account, trail);
    if ("status" in result) return result;
    const { closed } = result;
    if (closed !== undefined) {
      await progress({ step: "login-denied" });
      const stuck = await empty(session, target, account, closed, trail, progress);
      if (stuck !== undefined) return stuck;
    }
    return confirm(session, target, account, closed?.role.oid ?? account.serverId, trail);
  });
}

/**
 * The end of most accounts: one transaction that denies and drops. On a server with thousands of accounts each statement
 * on a role costs its administrator milliseconds (PostgreSQL walks all that they administer), so there are few.
 * Undefined, with nothing changed, when there is more to do or the server refused: the thorough way says why.
 */
async function dropUnused(session: Session, target: Target, account: AccountRef): Promise<Role | undefined> {
  const role = await proveAccount(session, target, account);
  if (role === undefined || (await countSessions(session, role.oid)) > 0) return undefined;
  if ((await databasesToVisit(session, target.stack, role.oid)).length > 0) return undefined;
  try {
    await drop(session, target, account);
    return role;
  } catch (error) {
    const failure = toEngineError(error, `revoking ${account.name}`);
    if (failure.kind === "unreachable" || failure.kind === "authentication") throw failure;
    return undefined;
  }
}

async function close(
  session: Session,
  target: Target,
  account: AccountRef,
  trail: Trail,
): Promise<Revocation | { closed: Closed | undefined }> {
  try {
    return { closed: await closeAccount(session, target, account) };
  } catch (error) {
    // A refusal of ours (not our account) is the caller's to see; the server's refusal is a quarantine to repair.
    if (sqlState(error) !== "42501") throw error;
    return (await quarantined(session, target, account, trail, error, [])) ?? { closed: undefined };
  }
}

async function empty(
  session: Session,
  target: Target,
  account: AccountRef,
  { role, kept, failure }: Closed,
  trail: Trail,
  progress: RevokeProgress,
): Promise<Revocation | undefined> {
  const stuck = (because: EngineError | undefined) =>
    quarantined(session, target, account, trail, because, kept);
  const ended = await endSessions(session, role.oid);
  trail.sessionsEnded += ended.ended;
  if (ended.left > 0) {
    return stuck(
      ended.refused ? new EngineError("permission", "the server refused to end its sessions") : undefined,
    );
  }
  await progress({ step: "sessions-ended", sessions: trail.sessionsEnded });
  if (failure !== undefined) return stuck(failure);
  const version = await majorVersion(session);
  for (const database of await databasesToVisit(session, target.stack, role.oid)) {
    const noKeeper = await refusalOf(account, () => ensureKeeper(session, target.stack, version));
    if (noKeeper !== undefined) return stuck(noKeeper);
    trail.databasesVisited.add(database.name);
    const refusal = await refusalOf(account, async () => {
      for (const left of await cleanDatabase(target, account, database)) trail.keptObjects.add(left);
    });
    if (refusal !== undefined) return stuck(refusal);
    await progress({ step: "database-cleaned", database: database.name });
  }
  const refusal = await refusalOf(account, () => drop(session, target, account));
  if (refusal !== undefined) return stuck(refusal);
  await progress({ step: "dropped" });
  return undefined;
}

/** What a database has against it, for the quarantine; a server that is away is for the caller. */
async function refusalOf(account: AccountRef, work: () => Promise<void>): Promise<EngineError | undefined> {
  try {
    await again(work, 2);
    return undefined;
  } catch (error) {
    const failure = toEngineError(error, `revoking ${account.name}`);
    if (failure.kind === "unreachable" || failure.kind === "authentication") throw failure;
    return failure;
  }
}

async function drop(session: Session, target: Target, account: AccountRef): Promise<void> {
  await inTransaction(session, async () => {
    const role = await claimAccount(session, target, account);
    if (role !== undefined) await session.run(sql`DROP ROLE ${identifier(role.name)}`);
  });
}

/** A login that was on its way while the account was dropped is found by its number and ended too. */
async function confirm(
  session: Session,
  target: Target,
  account: AccountRef,
  oid: number | undefined,
  trail: Trail,
): Promise<Revocation> {
  if (oid !== undefined && (await isNobody(session, oid))) {
    const late = await endSessions(session, oid);
    trail.sessionsEnded += late.ended;
    if (late.left > 0)
      throw new EngineError("permission", `${late.left} sessions of ${account.name} could not be ended`);
  }
  if (!(await looksAbsent(session, target.stack, account.name))) {
    throw new EngineError("conflict", `account ${account.name} appeared again while it was revoked`);
  }
  return {
    status: "absent",
    sessionsEnded: trail.sessionsEnded,
    databasesVisited: [...trail.databasesVisited],
    keptObjects: [...trail.keptObjects],
    checkedAtMs: await serverClockMs(session),
  };
}

async function isNobody(session: Session, oid: number): Promise<boolean> {
  const found = await session.rows(
    z.strictObject({ oid: z.number() }),
    "SELECT oid FROM pg_roles WHERE oid = $1",
    [oid],
  );
  return found.length === 0;
}

/** Undefined when the account is gone by now: another revocation was quicker. */
async function quarantined(
  session: Session,
  target: Target,
  account: AccountRef,
  trail: Trail,
  failure: unknown,
  kept: readonly string[],
): Promise<Revocation | undefined> {
  const role = await findRole(session, account.name);
  if (role === undefined) return undefined;
  const found = await findBlockers(session, target, role);
  const sessionsLeft = await countSessions(session, role.oid);
  const because = failure === undefined ? [] : [toEngineError(failure, `revoking ${account.name}`).message];
  return {
    status: "quarantined",
    reason: reasonOf(failure, found.owned),
    loginDenied: !role.canLogin,
    sessionsLeft,
    sessionsEnded: trail.sessionsEnded,
    databasesVisited: [...trail.databasesVisited],
    blockers: [
      ...because,
      ...(sessionsLeft > 0 ? [`${sessionsLeft} of its sessions are open`] : []),
      ...found.blockers,
    ],
    remedy: [...kept, ...found.remedy],
  };
}

function reasonOf(
  failure: unknown,
  owned: boolean,
): Extract<Revocation, { status: "quarantined" }>["reason"] {
  if (isLockTimeout(failure)) return "lock";
  if (owned) return "owned-objects";
  if (sqlState(failure) === "42501" || (failure instanceof EngineError && failure.kind === "permission"))
    return "permission";
  // What still depends on the account are rights that somebody else gave it and only they can take back.
  return sqlState(failure) === "2BP01" ? "permission" : "other";
}
