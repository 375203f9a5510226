import { type AccountPlan, EngineError, type Provisioned, type Target } from "../engine.ts";
import { type Account, proveAccount } from "./accounts.ts";
import { assertRights } from "./assert-rights.ts";
import { asAdministrator, type Session } from "./connection.ts";
import { createAccount, refreshAccount } from "./dialect.ts";
import { isRefusal } from "./failure.ts";
import { grantDatabaseRights } from "./install.ts";
import { ensureRegister } from "./install-register.ts";
import { anyHost } from "./names.ts";
import { defaultConnectionLimit, defaultStatementTimeoutMs, requirePlan } from "./plan.ts";
import { account as quoted, sql } from "./quote.ts";
import { type Entry, enroll, findEntry, holding, serverClockMs } from "./register.ts";
import { grantStatements, type Right } from "./rights.ts";
import { readRights } from "./scope.ts";
import { compareGrants, showGrants } from "./show-grants.ts";

/**
 * Makes the account, or brings the one that this grant has already up to the plan: on record, born locked, granted,
 * compared with what was meant, and only then unlocked. Nothing here is a transaction, so each step may be repeated.
 */
export async function provision(target: Target, plan: AccountPlan, password: string): Promise<Provisioned> {
  requirePlan(plan);
  return asAdministrator(target, async (session) => {
    const deadManSwitch = await ensureRegister(session, target);
    await requireFuture(session, plan);
    const rights = await readRights(session, plan);
    // Before anything is written: an account of that name that is not ours stays as it is, and out of the register.
    await proveAccount(session, target, plan);
    requireOpenable(await findEntry(session, target.stack, plan.name), plan);
    await enroll(session, target.stack, plan, rights);
    const serverId = await holding(target, plan.name, async ({ entry, set }, guard) => {
      requireOpenable(entry, plan);
      const made = await make(session, target, plan, password, entry);
      await bringUp(session, target, plan, made, rights);
      await assertRights(session, made, rights);
      await serverClockMs(guard);
      await unlock(session, made, async () => {
        await set("open", plan.expiresAtMs);
      });
      return entry.id;
    });
    if (serverId === undefined) {
      throw new EngineError("other", `account ${plan.name} vanished from the register while it was made`);
    }
    return { serverId, groups: [], notGranted: [], deadManSwitch };
  });
}

/** A late duplicate must not open again what a revocation has closed. */
function requireOpenable(entry: Entry | undefined, plan: AccountPlan): void {
  if (entry === undefined) return;
  if (entry.grantId !== plan.grantId) {
    throw new EngineError("conflict", `account ${plan.name} is that of another grant`);
  }
  if (entry.state === "closed") {
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

async function bringUp(
  session: Session,
  target: Target,
  plan: AccountPlan,
  account: Account,
  rights: readonly Right[],
): Promise<void> {
  const { extra, missing } = compareGrants(await showGrants(session, account), rights, session.dialect);
  if (extra.length === 0 && missing.length === 0) return;
  const user = quoted(account.name, account.host);
  if (extra.length > 0) await session.run(sql`REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${user}`);
  try {
    for (const text of grantStatements(rights, account.name, account.host, session.dialect)) {
      await session.run(text);
    }
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new EngineError(
      "permission",
      `the administrator cannot lend the rights of level ${plan.level} in database ${plan.database}`,
      {
        cause: error,
        remedy: [
          grantDatabaseRights(session.dialect, target.administrator.username, plan.database, plan.level),
        ],
      },
    );
  }
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
