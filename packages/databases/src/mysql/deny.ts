import type { AccountRef, EngineError, Target } from "../engine.ts";
import { type Account, proveAccount } from "./accounts.ts";
import { asAdministrator, type Session } from "./connection.ts";
import { errorNumber, isLockTimeout, isRefusal, toEngineError } from "./failure.ts";
import { account as quoted, sql } from "./quote.ts";
import { closeEntry, type Entry, findEntry } from "./register.ts";
import { endSessions } from "./sessions.ts";
import { whySessionsMayBeLeft } from "./sessions-left.ts";

/** The quarantine step alone: no login, no right, no session. An absent account needs none. */
export async function denyLogin(target: Target, account: AccountRef): Promise<{ sessionsEnded: number }> {
  return asAdministrator(target, async (session) => {
    const closed = await closeAccount(session, target, account);
    const outcome = await endSessions(session, target, account.name);
    if (closed.failure !== undefined) throw closed.failure;
    const failure = whySessionsMayBeLeft(session.dialect, target.administrator.username, outcome);
    if (failure !== undefined) throw failure;
    return { sessionsEnded: outcome.ended };
  });
}

/** `failure` is why the server would not close its entry, lock it or revoke its rights. */
export type Closed = {
  entry: Entry | undefined;
  accounts: Account[];
  failure: EngineError | undefined;
};

/**
 * Closes the entry before anything else, so that nobody opens the account again, then locks it on all its hosts and
 * revokes its rights. A register that cannot be written (a full disk, no free undo slot) keeps nothing else from being
 * done: the account can bring both about.
 */
export async function closeAccount(session: Session, target: Target, account: AccountRef): Promise<Closed> {
  await proveAccount(session, target, account);
  const { entry, notClosed } = await close(session, target, account);
  const accounts = await proveAccount(session, target, account);
  const failure = await refusalOf(account, async () => {
    for (const one of accounts) await lock(session, one);
    for (const one of accounts) await takeRights(session, one);
  });
  return { entry, accounts, failure: failure ?? notClosed };
}

async function close(
  session: Session,
  target: Target,
  account: AccountRef,
): Promise<{ entry: Entry | undefined; notClosed?: EngineError }> {
  const closing = () => closeEntry(session, target.stack, account);
  try {
    return { entry: await unlessItWaits(session, target, account, closing) };
  } catch (error) {
    const failure = toEngineError(error, `closing the entry of ${account.name}`);
    // A server that is away, and a lock that is held, are the caller's: nothing was changed, and it is tried again.
    if (errorNumber(error) === undefined || failure.kind === "unreachable" || isLockTimeout(error))
      throw error;
    return { entry: await findEntry(session, target.stack, account.name), notClosed: failure };
  }
}

/** What waits for somebody else's lock does not keep the sessions from being ended meanwhile. */
async function unlessItWaits<Result>(
  session: Session,
  target: Target,
  account: AccountRef,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isLockTimeout(error)) await endSessions(session, target, account.name);
    throw error;
  }
}

export async function lock(session: Session, { name, host }: Account): Promise<void> {
  await orGone(() => session.run(sql`ALTER USER ${quoted(name, host)} ACCOUNT LOCK`));
}

/** For sessions that are open these count at once for tables, and for databases when they are next chosen. */
async function takeRights(session: Session, { name, host }: Account): Promise<void> {
  await orGone(() => session.run(sql`REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${quoted(name, host)}`));
}

/** Dropped meanwhile, by another revocation or by the event: that is where this was going. */
async function orGone(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const number = errorNumber(error);
    if (number !== 1396 && number !== 1269) throw error;
  }
}

async function refusalOf(account: AccountRef, work: () => Promise<void>): Promise<EngineError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!isRefusal(error) && !isLockTimeout(error)) throw error;
    return toEngineError(error, `revoking ${account.name}`);
  }
}
