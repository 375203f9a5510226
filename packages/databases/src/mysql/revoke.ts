import {
  type AccountRef,
  EngineError,
  type Revocation,
  type RevokeProgress,
  type Target,
} from "../engine.ts";
import { looksAbsent } from "./absence.ts";
import type { Account } from "./accounts.ts";
import { asAdministrator, type Session } from "./connection.ts";
import { type Closed, closeAccount } from "./deny.ts";
import { errorNumber, isLockTimeout, isRefusal, toEngineError } from "./failure.ts";
import { definedBy, definedByQuery } from "./leftovers.ts";
import { preparedBy, preparedTransactions } from "./prepared.ts";
import { forgetPreparedBefore } from "./prepared-before.ts";
import { whyPreparedMayBeLeft } from "./prepared-left.ts";
import { quarantined } from "./quarantined.ts";
import { account as quoted, sql } from "./quote.ts";
import { bury, forestall, readIdentity, serverClockMs } from "./register.ts";
import { endSessions } from "./sessions.ts";
import { whySessionsMayBeLeft } from "./sessions-left.ts";
import { settlePrepared } from "./settle-prepared.ts";

/**
 * Takes an account back. First what waits for nobody: close its entry, lock it, take its rights and drop it on every
 * host, after which no session of it may do anything new. Then end its sessions and look until none is left or in doubt,
 * roll back what they prepared, and look at the account. A step that fails does not keep the next ones from being taken.
 * "Already gone" is success because a query showed it.
 */
export async function revoke(
  target: Target,
  account: AccountRef,
  progress: RevokeProgress = () => undefined,
): Promise<Revocation> {
  return asAdministrator(target, async (session) => {
    const closed = await closeAccount(session, target, account);
    const isThere = closed.accounts.length > 0;
    if (closed.failure === undefined && isThere) await progress({ step: "login-denied" });
    // Who prepared a transaction is known as long as the session is open.
    const authors = await preparedBy(session, account.name);
    const notDropped = await drop(session, account, closed.accounts);
    if (notDropped === undefined && isThere) await progress({ step: "dropped" });
    const sessions = await endSessions(session, target, account.name);
    const sessionsLeft = whySessionsMayBeLeft(session.dialect, target.administrator.username, sessions);
    if (sessionsLeft === undefined && isThere) {
      await progress({ step: "sessions-ended", sessions: sessions.ended });
    }
    const settled = await settlePrepared(session, target.stack, account.name, authors);
    const preparedLeft = whyPreparedMayBeLeft(target.administrator.username, settled);
    const failures = [closed.failure, notDropped, sessionsLeft, preparedLeft].filter(
      (one) => one !== undefined,
    );
    return failures.length > 0
      ? quarantined(session, target, account, { closed, sessions, failures })
      : confirm(session, target, account, closed, sessions.ended);
  });
}

/** Why the server would not. */
async function drop(
  session: Session,
  account: AccountRef,
  accounts: readonly Account[],
): Promise<EngineError | undefined> {
  for (const { name, host } of accounts) {
    try {
      await session.run(sql`DROP USER IF EXISTS ${quoted(name, host)}`);
    } catch (error) {
      const failure = toEngineError(error, `revoking ${account.name}`);
      // A server that is away is for the caller.
      if (!isRefusal(error) && !isLockTimeout(error) && errorNumber(error) === undefined) throw error;
      if (failure.kind === "unreachable") throw error;
      return failure;
    }
  }
  return undefined;
}

async function confirm(
  session: Session,
  target: Target,
  account: AccountRef,
  { entry, accounts }: Closed,
  sessionsEnded: number,
): Promise<Revocation> {
  if (!(await looksAbsent(session, target, account.name))) {
    throw new EngineError("conflict", `account ${account.name} appeared again while it was revoked`);
  }
  const keptObjects = accounts.length === 0 ? [] : await kept(session, account, entry?.database);
  if (entry !== undefined) await bury(session, target.stack, account);
  else if ((await readIdentity(session, target.stack)) !== undefined) {
    await forestall(session, target.stack, account);
    await bury(session, target.stack, account);
  }
  await forgetPreparedBefore(session, target.stack, account.name);
  return {
    status: "absent",
    sessionsEnded,
    databasesVisited: [],
    keptObjects,
    checkedAtMs: await serverClockMs(session),
  };
}

/** What stays behind and does nothing for anybody: told, and never waited for. */
async function kept(session: Session, { name }: AccountRef, database: string | undefined): Promise<string[]> {
  const leftovers = await definedBy(session, name, database === undefined ? [] : [database]);
  const prepared = await preparedTransactions(session);
  return [
    ...(leftovers === undefined
      ? [
          `whether views, triggers or routines name the account as their definer is not known; ${definedByQuery(name)}`,
        ]
      : leftovers.map((one) => `${one.description}: runs for nobody any more; ${one.remedy}`)),
    ...(prepared ?? [])
      .slice(0, 10)
      .map(
        ({ rollBack }) => `a prepared transaction of an owner whom the server does not tell; ${rollBack};`,
      ),
  ];
}
