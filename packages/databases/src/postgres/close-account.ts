import { type AccountRef, EngineError, type Target } from "../engine.ts";
import { clearingTheWay, membershipOf } from "./clear-way.ts";
import { inTransaction, type Session } from "./connection.ts";
import { isCollision, sqlState, toEngineError } from "./failure.ts";
import { grantSignalBackend } from "./install.ts";
import type { Holder } from "./lock-holders.ts";
import { preparedBy, rollBackEverywhere } from "./prepared.ts";
import { identifier, sql } from "./quote.ts";
import { refusalThere } from "./refusal.ts";
import { claimAccount, findRole, type Role } from "./role.ts";
import { majorVersion } from "./server-version.ts";
import { countSessions, endSessions } from "./sessions.ts";
import { endStarting } from "./starting-logins.ts";
import { membershipsOf, takeRights } from "./take-rights.ts";

/**
 * How far an account came that is being closed. `kept` are memberships that the administrator may not take away, as
 * statements for a person; `failures` is what the server had against the steps that did not succeed.
 */
export type Closed = {
  sessionsEnded: number;
  isDenied: boolean;
  isEmpty: boolean;
  /** Memberships or prepared transactions came, or were left, while it was being closed. */
  isChanging: boolean;
  kept: string[];
  holders: Holder[];
  failures: EngineError[];
};

/** What waits, waits this long at first; then whoever stands in the way is ended, and named if that is not ours to do. */
export const firstWaitMs = 200;
export const clearingWaitMs = 1_000;
const onceMs = 300;
/** No round begins after this: the next attempt is seconds away, and others wait for their end meanwhile. */
const patienceMs = 1_500;

/**
 * Takes memberships, ends sessions, rolls back prepared transactions and denies login, each committed by itself and
 * none held up by another: the account can hold a lock on everything that is written here. Repeated until nothing is
 * left, or until what is left is in someone else's hands.
 */
export async function closeAccount(
  session: Session,
  target: Target,
  account: AccountRef,
  role: Role,
): Promise<Closed> {
  const version = await majorVersion(session);
  const startedAt = performance.now();
  const seen = new Set<number>();
  for (let round = 1; ; round += 1) {
    const way = round === 1 ? alone(session) : clearing(session, target, version);
    const closed = await closeOnce({ session, target, account, role, version, way, seen });
    const isLast = performance.now() - startedAt > patienceMs;
    if (isLast || !isWorthAnother(closed)) return closed;
  }
}

/** What neither a lock nor another writer explains would be the same in the next round. */
function isWorthAnother({ holders, failures, isChanging }: Closed): boolean {
  if (holders.some((one) => one.ours === undefined)) return false;
  return isChanging || failures.some((failure) => isCollision(failure));
}

type Closing = {
  session: Session;
  target: Target;
  account: AccountRef;
  role: Role;
  version: number;
  way: Way;
  /** The sessions that were ended, in all rounds. */
  seen: Set<number>;
};

async function closeOnce(closing: Closing): Promise<Closed> {
  const { session, target, account, role, version, way, seen } = closing;
  const failures: EngineError[] = [];
  const holders: Holder[] = [];
  let kept: string[] = [];
  const doing = `revoking ${account.name}`;
  const step = async (work: (by: Session, lockTimeoutMs: number) => Promise<void>) => {
    const met = await way(work);
    holders.push(...met.holders);
    if (met.failure !== undefined) failures.push(toEngineError(met.failure, doing));
    return met.failure === undefined;
  };
  await step(async (by, ms) => {
    kept = await takeRights(by, target, account, version, ms);
  });
  await endSessions(session, role.oid, { once: true, withinMs: onceMs, seen });
  const isMember = await step((by, ms) => becomeMember(by, target, account, version, ms));
  if (isMember) failures.push(...(await left(doing, () => rollBackEverywhere(session, target, role.name))));
  const isDenied = await step((by, ms) => deny(by, target, account, ms));
  // Whoever can still log in always has another session: they are ended until none is left once nobody can.
  const last = await endSessions(
    session,
    role.oid,
    isDenied ? { seen } : { once: true, withinMs: onceMs, seen },
  );
  if (last.refused) failures.push(signalRefused(target, account));
  let starting = 0;
  if (isMember) {
    failures.push(
      ...(await left(doing, async () => {
        starting = await endStarting(session, role.name);
      })),
    );
  }
  const now = await look(session, role, kept);
  return {
    sessionsEnded: last.ended,
    ...now,
    isEmpty: now.isEmpty && isMember && starting === 0,
    kept,
    holders,
    failures,
  };
}

/** A role that is gone by now was dropped by another revocation: that is the best of all ends. */
async function look(session: Session, role: Role, kept: readonly string[]) {
  const now = await findRole(session, role.name);
  const isGone = now?.oid !== role.oid;
  const sessions = await countSessions(session, role.oid);
  if (isGone) return { isDenied: true, isEmpty: sessions === 0, isChanging: false };
  const prepared = await preparedBy(session, role.name);
  // A late duplicate of the mint may have given some back until login was denied.
  const memberships = await membershipsOf(session, role.oid);
  const isChanging = prepared.length > 0 || memberships.length > kept.length;
  return { isDenied: !now.canLogin, isEmpty: sessions === 0 && !isChanging, isChanging };
}

function signalRefused(target: Target, account: AccountRef): EngineError {
  return new EngineError("permission", `the server refused to end sessions of ${account.name}`, {
    remedy: [grantSignalBackend(target.administrator.username)],
  });
}

type Way = (
  work: (session: Session, lockTimeoutMs: number) => Promise<void>,
) => Promise<{ failure?: unknown; holders: Holder[] }>;

function alone(session: Session): Way {
  return async (work) => {
    try {
      await work(session, firstWaitMs);
      return { holders: [] };
    } catch (failure) {
      return { failure, holders: [] };
    }
  };
}

function clearing(session: Session, target: Target, version: number): Way {
  return (work) => clearingTheWay(session, target, version, (by) => work(by, clearingWaitMs));
}

/** Without this step the account's prepared transactions and its hidden logins cannot be ended. */
async function becomeMember(
  session: Session,
  target: Target,
  account: AccountRef,
  version: number,
  lockTimeoutMs: number,
): Promise<void> {
  try {
    // Under the account's lock: the server would note a membership in a role that another revocation drops at that
    // moment, and never forget it.
    await inTransaction(
      session,
      async () => {
        const role = await claimAccount(session, target, account);
        if (role !== undefined) await session.run(membershipOf(role.name, version));
      },
      lockTimeoutMs,
    );
  } catch (error) {
    // Dropped by another revocation meanwhile: there is nothing left to clean up.
    if (sqlState(error) !== "42704") throw error;
  }
}

async function deny(
  session: Session,
  target: Target,
  account: AccountRef,
  lockTimeoutMs: number,
): Promise<void> {
  await inTransaction(
    session,
    async () => {
      const role = await claimAccount(session, target, account);
      if (role !== undefined)
        await session.run(sql`ALTER ROLE ${identifier(role.name)} NOLOGIN CONNECTION LIMIT 0`);
    },
    lockTimeoutMs,
  );
}

async function left(doing: string, work: () => Promise<unknown>): Promise<EngineError[]> {
  const failure = await refusalThere(doing, work);
  return failure === undefined ? [] : [failure];
}
