import { z } from "zod";
import { isAccountName, isGrantId } from "../account-name.ts";
import { type AccountRef, EngineError, type Target } from "../engine.ts";
import type { Session } from "./connection.ts";
import { accountsQuery, markOf } from "./dialect.ts";
import { literal, account as quoted, sql } from "./quote.ts";
import { findEntry } from "./register.ts";

/** One account of the server: a name and the hosts that it may come from make it. */
export type Account = { name: string; host: string; locked: boolean; mark: string };

/** Every account of that name, whatever its host. */
export async function findAccounts(session: Session, name: string): Promise<Account[]> {
  const rows = await session.rows(
    accountRow,
    `${accountsQuery(session.dialect)} AND User = ? ORDER BY Host`,
    [name],
  );
  return rows.map(toAccount);
}

/** Every account whose name looks like one of ours, or that carries a mark such as ours under another name. */
export async function findCandidates(session: Session): Promise<Account[]> {
  const rows = await session.rows(accountRow, `${accountsQuery(session.dialect)} ORDER BY User, Host`);
  return rows.map(toAccount).filter((one) => isAccountName(one.name) || isMark(one.mark));
}

/** The account that carries this account's mark under another name, if a person renamed it. */
export async function findRenamed(
  session: Session,
  stack: string,
  name: string,
): Promise<Account | undefined> {
  const mark = markOf(session.dialect, stack, name);
  // The server looks through its accounts: with thousands of them, not all of them travel.
  const rows = await session.rows(
    accountRow,
    `${accountsQuery(session.dialect)} AND User <> ? HAVING mark = ? ORDER BY User, Host`,
    [name, mark],
  );
  return rows.map(toAccount)[0];
}

/**
 * The account on all its hosts, proven to be ours by its mark and the register; empty when it is absent; else it
 * refuses. A host that somebody added by hand belongs to the account: it opens the same door.
 */
export async function proveAccount(
  session: Session,
  target: Target,
  account: AccountRef,
): Promise<Account[]> {
  requireAccountRef(account);
  const { stack } = target;
  const entry = await findEntry(session, stack, account.name);
  if (entry !== undefined && entry.grantId !== account.grantId) {
    throw new EngineError("conflict", `account ${account.name} is that of another grant`);
  }
  const found = await findAccounts(session, account.name);
  const mark = markOf(session.dialect, stack, account.name);
  if (found.some((one) => one.mark === mark)) return found;
  const [first] = found;
  if (first !== undefined) {
    throw new EngineError("conflict", `account ${account.name} is not ours: it does not carry our mark`, {
      remedy: [markStatement(session, first, mark)],
    });
  }
  const renamed = await findRenamed(session, stack, account.name);
  if (renamed === undefined) return [];
  throw new EngineError("conflict", `account ${account.name} was renamed to ${renamed.name} by hand`, {
    remedy: [
      sql`RENAME USER ${quoted(renamed.name, renamed.host)} TO ${quoted(account.name, renamed.host)};`,
    ],
  });
}

export function requireAccountRef(account: AccountRef): void {
  if (!isAccountName(account.name)) {
    throw new EngineError("invalid", "an account name is dp_ and a lower-case ULID");
  }
  if (!isGrantId(account.grantId)) throw new EngineError("invalid", "the grant id is malformed");
}

function markStatement(session: Session, { name, host }: Account, mark: string): string {
  return session.dialect.flavour === "mariadb"
    ? sql`ALTER USER ${quoted(name, host)} WITH MAX_UPDATES_PER_HOUR ${mark};`
    : sql`ALTER USER ${quoted(name, host)} ATTRIBUTE ${literal(JSON.stringify({ daypass: mark }))};`;
}

function isMark(mark: string): boolean {
  return mark.startsWith("daypass ") || (/^1\d{9}$/.test(mark) && Number(mark) >= 1_000_000_000);
}

const accountRow = z.strictObject({
  name: z.string(),
  host: z.string(),
  locked: z.number(),
  mark: z.string(),
});

function toAccount({ locked, ...row }: z.infer<typeof accountRow>): Account {
  return { ...row, locked: locked === 1 };
}
