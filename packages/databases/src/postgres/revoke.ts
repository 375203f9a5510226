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
import { cleanDatabase } from "./clean-database.ts";
import { clearingTheWay } from "./clear-way.ts";
import { type Closed, clearingWaitMs, closeAccount, firstWaitMs } from "./close-account.ts";
import { asAdministrator, inTransaction, type Session } from "./connection.ts";
import { isCollision, isLockTimeout } from "./failure.ts";
import { ensureKeeper } from "./keeper.ts";
import type { Holder } from "./lock-holders.ts";
import { databasesToVisit } from "./owned.ts";
import { proveToClose } from "./prove-to-close.ts";
import { quarantined, type Stuck, type Trail } from "./quarantine.ts";
import { identifier, sql } from "./quote.ts";
import { refusal, refusalOf, refusalThere } from "./refusal.ts";
import { claimAccount, type Role } from "./role.ts";
import { majorVersion } from "./server-version.ts";
import { countSessions, endSessions } from "./sessions.ts";
import { startingLogins } from "./starting-logins.ts";

/**
 * Takes an account back: close it (rights, sessions, prepared transactions, login), clean every database of the server,
 * drop, look. What fails keeps nothing else from being done. Where nobody can log in, nobody is logged in and nothing
 * depends on it, it is dropped at once. "Already gone" is success because a query showed it, not because of an error's
 * text.
 */
export async function revoke(
  target: Target,
  account: AccountRef,
  progress: RevokeProgress = () => undefined,
): Promise<Revocation> {
  const deadline = performance.now() + cleaningBudgetMs;
  const trail: Trail = { sessionsEnded: 0, databasesVisited: new Set(), keptObjects: new Set() };
  return asAdministrator(target, target.maintenanceDatabase, async (session) => {
    const role = await proveToClose(session, target, account);
    if (role === undefined) return confirm(session, target, account, account.serverId, trail);
    if (await dropUnused(session, target, account, role)) {
      await progress({ step: "dropped" });
      return confirm(session, target, account, role.oid, trail);
    }
    const closed = await closeAccount(session, target, account, role);
    trail.sessionsEnded += closed.sessionsEnded;
    if (closed.isDenied) await progress({ step: "login-denied" });
    if (closed.isEmpty) await progress({ step: "sessions-ended", sessions: trail.sessionsEnded });
    const stuck = await empty(session, target, account, role, closed, trail, progress, deadline);
    const quarantine = stuck && (await quarantined(session, target, account, trail, stuck));
    return quarantine ?? confirm(session, target, account, role.oid, trail);
  });
}

/**
 * The end of most accounts: one transaction that drops. On a server with thousands of accounts each statement on a role
 * costs its administrator milliseconds (PostgreSQL walks all that they administer), so there are few. False, with
 * nothing changed, when there is more to do or the server refused: the thorough way says why.
 */
async function dropUnused(
  session: Session,
  target: Target,
  account: AccountRef,
  role: Role,
): Promise<boolean> {
  // Whoever may log in could do so between the look and the drop.
  if (role.canLogin && !role.isPastEnd) return false;
  if ((await countSessions(session, role.oid)) > 0) return false;
  if ((await startingLogins(session)).length > 0) return false;
  if ((await databasesToVisit(session, target.stack, role.oid)).length > 0) return false;
  return (await refusalOf(doing(account), () => drop(session, target, account, firstWaitMs))) === undefined;
}

/** Cleans and drops; says what is in the way of that. A database that cannot be cleaned does not keep others from it. */
async function empty(
  session: Session,
  target: Target,
  account: AccountRef,
  role: Role,
  closed: Closed,
  trail: Trail,
  progress: RevokeProgress,
  deadline: number,
): Promise<Stuck | undefined> {
  const failures = [...closed.failures];
  const version = await majorVersion(session);
  const databases = await databasesToVisit(session, target.stack, role.oid);
  for (const [index, database] of databases.entries()) {
    trail.databasesVisited.add(database.name);
    const until = shareOf(deadline, databases.length - index);
    const refused = await refusalThere(doing(account), async () => {
      await again(() => ensureKeeper(session, target.stack, version));
      const kept = await again(() => cleanDatabase(target, account, database, until), 2, isShortCollision);
      for (const left of kept) trail.keptObjects.add(left);
    });
    if (refused === undefined) await progress({ step: "database-cleaned", database: database.name });
    else failures.push(refused);
  }
  const { kept, holders } = closed;
  if (failures.length > 0 || !closed.isDenied || !closed.isEmpty) return { kept, holders, failures };
  const dropped = await dropEmpty(session, target, account, version);
  if (dropped !== undefined) return { kept, ...dropped };
  await progress({ step: "dropped" });
  return undefined;
}

/** What one database leaves of the time is for the others: those that it holds up come in the same attempt. */
function shareOf(deadline: number, databases: number): number {
  const now = performance.now();
  return Math.min(deadline, now + Math.max(leastShareMs, (deadline - now) / databases));
}

const leastShareMs = 5_000;

/** Well below the time that one turn has: what was done by then stays done, and the next attempt continues. */
const cleaningBudgetMs = 40_000;

/** A lock was waited for already, as long as there is time for it. */
function isShortCollision(error: unknown): boolean {
  return isCollision(error) && !isLockTimeout(error);
}

/** At first on its own; then with whoever stands in the way being ended, since any account can lock another's name. */
async function dropEmpty(
  session: Session,
  target: Target,
  account: AccountRef,
  version: number,
): Promise<Omit<Stuck, "kept"> | undefined> {
  let failure = await refusalOf(doing(account), () => drop(session, target, account, firstWaitMs));
  let holders: Holder[] = [];
  for (
    let attempt = 0;
    failure !== undefined && isCollision(failure) && attempt < dropAttempts;
    attempt += 1
  ) {
    const met = await clearingTheWay(session, target, version, (by) =>
      drop(by, target, account, clearingWaitMs),
    );
    holders = met.holders;
    failure = met.failure === undefined ? undefined : refusal(met.failure, doing(account));
    if (holders.some((one) => one.ours === undefined)) break;
  }
  return failure === undefined ? undefined : { holders, failures: [failure] };
}

const dropAttempts = 2;

function doing(account: AccountRef): string {
  return `revoking ${account.name}`;
}

async function drop(session: Session, target: Target, account: AccountRef, waitMs: number): Promise<void> {
  await inTransaction(
    session,
    async () => {
      const role = await claimAccount(session, target, account);
      if (role !== undefined) await session.run(sql`DROP ROLE ${identifier(role.name)}`);
    },
    waitMs,
  );
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
