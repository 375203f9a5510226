import {
  type AccountRef,
  EngineError,
  type QuarantineReason,
  type Revocation,
  type RevokeProgress,
  type Target,
} from "../engine.ts";
import { looksAbsent } from "./absence.ts";
import { type Account, findAccounts } from "./accounts.ts";
import { asAdministrator, type Session } from "./connection.ts";
import { type Closed, closeAccount } from "./deny.ts";
import { errorNumber, isDefiner, isLockTimeout, isRefusal, toEngineError } from "./failure.ts";
import { serverRights } from "./held-rights.ts";
import { grantKillRight, grantServerRights } from "./install.ts";
import { definedBy, definedByQuery, type Leftover, preparedTransactions } from "./leftovers.ts";
import { account as quoted, sql } from "./quote.ts";
import { bury, forestall, readIdentity, serverClockMs } from "./register.ts";
import { countSessions, endSessions } from "./sessions.ts";
import { showGrants } from "./show-grants.ts";

type Trail = { sessionsEnded: number; kept: string[] };

/**
 * Takes an account back: close its entry, lock it and take its rights (all committed at once), end its sessions, drop
 * it on every host, end what came in meanwhile, look. "Already gone" is success because a query showed it.
 */
export async function revoke(
  target: Target,
  account: AccountRef,
  progress: RevokeProgress = () => undefined,
): Promise<Revocation> {
  return asAdministrator(target, async (session) => {
    const trail: Trail = { sessionsEnded: 0, kept: [] };
    const closed = await closeAccount(session, target, account);
    if (closed.failure !== undefined) return quarantined(session, target, account, trail, closed.failure, []);
    if (closed.accounts.length > 0) await progress({ step: "login-denied" });
    const stuck = await empty(session, target, account, closed, trail, progress);
    return stuck ?? confirm(session, target, account, closed, trail);
  });
}

async function empty(
  session: Session,
  target: Target,
  account: AccountRef,
  closed: Closed,
  trail: Trail,
  progress: RevokeProgress,
): Promise<Revocation | undefined> {
  const refused = await end(session, account, trail);
  if (refused !== undefined) return quarantined(session, target, account, trail, refused, []);
  if (closed.accounts.length === 0) return undefined;
  await progress({ step: "sessions-ended", sessions: trail.sessionsEnded });
  const databases = closed.entry === undefined ? [] : [closed.entry.database];
  const leftovers = await definedBy(session, account.name, databases);
  for (const { name, host } of closed.accounts) {
    try {
      await session.run(sql`DROP USER IF EXISTS ${quoted(name, host)}`);
    } catch (error) {
      // A server that is away is for the caller.
      if (!isRefusal(error) && !isLockTimeout(error) && errorNumber(error) === undefined) throw error;
      if (toEngineError(error, "").kind === "unreachable") throw error;
      return quarantined(session, target, account, trail, error, leftovers);
    }
  }
  trail.kept.push(...leftovers.map((one) => `${one.description}: runs for nobody any more; ${one.remedy}`));
  await progress({ step: "dropped" });
  // A login that was on its way while the account was dropped.
  const late = await end(session, account, trail);
  return late === undefined ? undefined : quarantined(session, target, account, trail, late, []);
}

/** Why its sessions could not be ended; undefined when there are none. */
async function end(session: Session, account: AccountRef, trail: Trail): Promise<EngineError | undefined> {
  const { ended, left, refused } = await endSessions(session, account.name);
  trail.sessionsEnded += ended;
  if (left === 0) return undefined;
  return refused
    ? new EngineError("permission", "the server refused to end its sessions")
    : new EngineError("conflict", `${left} of its sessions were ended and are still rolling back`);
}

async function confirm(
  session: Session,
  target: Target,
  account: AccountRef,
  { entry, accounts }: Closed,
  trail: Trail,
): Promise<Revocation> {
  if (!(await looksAbsent(session, target.stack, account.name))) {
    throw new EngineError("conflict", `account ${account.name} appeared again while it was revoked`);
  }
  if (entry !== undefined) await bury(session, target.stack, account);
  else if ((await readIdentity(session, target.stack)) !== undefined) {
    await forestall(session, target.stack, account);
    await bury(session, target.stack, account);
  }
  const prepared = accounts.length === 0 ? [] : await preparedTransactions(session);
  return {
    status: "absent",
    sessionsEnded: trail.sessionsEnded,
    databasesVisited: [],
    keptObjects: [...trail.kept, ...describePrepared(prepared)],
    checkedAtMs: await serverClockMs(session),
  };
}

function describePrepared(statements: readonly string[]): string[] {
  return statements
    .slice(0, 10)
    .map((text) => `a prepared transaction of an owner whom the server does not tell; ${text}`);
}

async function quarantined(
  session: Session,
  target: Target,
  account: AccountRef,
  trail: Trail,
  failure: unknown,
  leftovers: readonly Leftover[],
): Promise<Revocation> {
  const found = await findAccounts(session, account.name);
  const sessionsLeft = await countSessions(session, account.name);
  const { dialect } = session;
  const administrator = target.administrator.username;
  const isDenied = isRefusal(failure) || (failure instanceof EngineError && failure.kind === "permission");
  return {
    status: "quarantined",
    reason: reasonOf(failure, leftovers, isDenied),
    loginDenied: found.every((one) => one.locked),
    sessionsLeft,
    sessionsEnded: trail.sessionsEnded,
    databasesVisited: [],
    blockers: [
      toEngineError(failure, `revoking ${account.name}`).message,
      ...(sessionsLeft > 0 ? [`${sessionsLeft} of its sessions are open`] : []),
      ...leftovers.map((one) => `definer of ${one.description}`),
      ...(isDefiner(failure) ? ["what the administrator may not see is not named: the query finds it"] : []),
    ],
    remedy: [
      ...(isDenied ? await lessenings(session, found) : []),
      ...(isDenied ? grantServerRights(dialect, administrator) : []),
      ...(isDenied && sessionsLeft > 0 ? [grantKillRight(dialect, administrator)] : []),
      ...(isDefiner(failure) ? [definedByQuery(account.name)] : []),
      ...leftovers.map((one) => one.remedy),
      ...found.map((one) => sql`DROP USER ${quoted(one.name, one.host)};`),
    ],
  };
}

/** MySQL lets only those with SYSTEM_USER touch one who has it, and so much we never ask for. */
async function lessenings(session: Session, found: readonly Account[]): Promise<string[]> {
  if (session.dialect.flavour === "mariadb") return [];
  const statements: string[] = [];
  for (const { name, host } of found) {
    if (serverRights(await showGrants(session, { name, host })).has("SYSTEM_USER"))
      statements.push(sql`REVOKE SYSTEM_USER ON *.* FROM ${quoted(name, host)};`);
  }
  return statements;
}

function reasonOf(failure: unknown, leftovers: readonly Leftover[], isDenied: boolean): QuarantineReason {
  if (isLockTimeout(failure)) return "lock";
  if (leftovers.length > 0 || isDefiner(failure)) return "owned-objects";
  return isDenied ? "permission" : "other";
}
