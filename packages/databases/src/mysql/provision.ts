import { setTimeout as sleep } from "node:timers/promises";
import { type AccountPlan, EngineError, type Provisioned, type Target } from "../engine.ts";
import { type Account, proveAccount } from "./accounts.ts";
import { assertRights } from "./assert-rights.ts";
import { asGranter, type Session } from "./connection.ts";
import { createAccount, refreshAccount } from "./dialect.ts";
import { isMissing } from "./failure.ts";
import { giveRights } from "./give-rights.ts";
import { ensureRegister } from "./install-register.ts";
import { anyHost } from "./names.ts";
import { defaultConnectionLimit, defaultStatementTimeoutMs, requirePlan } from "./plan.ts";
import { canWrite, notePreparedBefore } from "./prepared-before.ts";
import { account as quoted, sql } from "./quote.ts";
import { readRights } from "./read-rights.ts";
import { type Entry, enroll, findEntry, holding, serverClockMs } from "./register.ts";

/**
 * Makes the account, or brings the one that this grant has already up to the plan: on record, born locked, granted,
 * compared with what was meant, and only then unlocked. Nothing here is a transaction, so each step may be repeated.
 */
export async function provision(target: Target, plan: AccountPlan, password: string): Promise<Provisioned> {
  requirePlan(plan);
  return asGranter(target, async (session) => {
    const deadManSwitch = await ensureRegister(session, target);
    await requireFuture(session, plan);
    const serverId = await retryWhileTablesVanish(() => attempt(session, target, plan, password));
    return { serverId, groups: [], notGranted: [], deadManSwitch };
  });
}

async function attempt(
  session: Session,
  target: Target,
  plan: AccountPlan,
  password: string,
): Promise<number> {
  const rights = await readRights(session, target, plan);
  // Before anything is written: an account of that name that is not ours stays as it is, and out of the register.
  await proveAccount(session, target, plan);
  requireOpenable(await findEntry(session, target.stack, plan.name), plan);
  if (canWrite(rights)) await notePreparedBefore(session, target, plan.name);
  await enroll(session, target.stack, plan, rights);
  const serverId = await holding(target, plan.name, async ({ entry, set }, guard) => {
    requireOpenable(entry, plan);
    const made = await make(session, target, plan, password, entry);
    // A guard that does nothing for long is ended by the server, and its row is free.
    const keepGuard = async () => {
      await serverClockMs(guard);
    };
    await giveRights(session, target, plan, made, rights, keepGuard);
    await assertRights(session, made, rights);
    await keepGuard();
    await unlock(session, made, async () => {
      await set("open", plan.expiresAtMs);
    });
    return entry.id;
  });
  if (serverId === undefined) {
    throw new EngineError("other", `account ${plan.name} vanished from the register while it was made`);
  }
  return serverId;
}

/** A table that was dropped after it was listed is left out by the next attempt, or refused by name. */
async function retryWhileTablesVanish<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempts === 6 || !isMissing(error)) throw error;
      await sleep(50 * 2 ** attempts);
    }
  }
}

/** A late duplicate must not open again what a revocation has closed. */
function requireOpenable(entry: Entry | undefined, plan: AccountPlan): void {
  if (entry === undefined) return;
  if (entry.grantId !== plan.grantId) {
    throw new EngineError("conflict", `account ${plan.name} is that of another grant`);
  }
  if (entry.state === "closed" || entry.state === "expired") {
    throw new EngineError("conflict", `account ${plan.name} was denied login already: its grant is ending`);
  }
}

async function make(
  session: Session,
  target: Target,
  plan: AccountPlan,
  password: string,
  entry: Entry,
): Promise<Account> {
  const terms = {
    stack: target.stack,
    name: plan.name,
    host: anyHost,
    encrypted: target.server.tls !== "disable",
    connectionLimit: plan.connectionLimit ?? defaultConnectionLimit,
    statementTimeoutMs: plan.statementTimeoutMs ?? defaultStatementTimeoutMs,
  };
  const [found, ...others] = await proveAccount(session, target, plan);
  if (found === undefined) {
    requireNeverUsed(entry);
    await session.run(createAccount(session.dialect, terms, password));
    return { name: plan.name, host: anyHost, locked: true, mark: "" };
  }
  if (others.length > 0 || found.host !== anyHost) {
    throw new EngineError("conflict", `somebody gave account ${plan.name} other hosts by hand`, {
      remedy: [...others, found]
        .filter(({ host }) => host !== anyHost)
        .map(({ name, host }) => sql`DROP USER ${quoted(name, host)};`),
    });
  }
  if (found.locked && entry.state === "open") {
    throw new EngineError("conflict", `account ${plan.name} was denied login by hand: its grant is ending`);
  }
  await session.run(refreshAccount(session.dialect, terms, password));
  return found;
}

/** A session that outlived its account has the rights of whoever has the account's name. */
function requireNeverUsed({ name, state }: Entry): void {
  if (state === "opening") return;
  throw new EngineError(
    "conflict",
    `account ${name} was handed out and has been dropped by hand: its name is never used again`,
  );
}

/**
 * `confirm` fails when the row is not ours any more, since a guard that was ended holds nobody back: then a revocation
 * may have come in between, and the account is locked again.
 */
async function unlock(
  session: Session,
  { name, host }: Account,
  confirm: () => Promise<void>,
): Promise<void> {
  await session.run(sql`ALTER USER ${quoted(name, host)} ACCOUNT UNLOCK`);
  try {
    await confirm();
  } catch (error) {
    await session.run(sql`ALTER USER IF EXISTS ${quoted(name, host)} ACCOUNT LOCK`);
    throw error;
  }
}

async function requireFuture(session: Session, plan: AccountPlan): Promise<void> {
  if ((await serverClockMs(session)) >= plan.expiresAtMs) {
    throw new EngineError("invalid", "the end has passed by the database's clock");
  }
}
