import { z } from "zod";
import { EngineError, type Target } from "../engine.ts";
import type { Session } from "./connection.ts";
import { isMissing } from "./failure.ts";
import { grantPreparedSights } from "./install.ts";
import { registerName } from "./names.ts";
import { preparedTransactions } from "./prepared.ts";
import { qualified, sql } from "./quote.ts";
import type { Right } from "./rights.ts";

/** Stands among the noted transactions once all of them are. */
const looked = "";

/** Whether an account with these rights can leave a prepared transaction that holds anything. */
export function canWrite(rights: readonly Right[]): boolean {
  return rights.some(({ privileges }) => privileges.some((one) => !["SELECT", "SHOW VIEW"].includes(one)));
}

/** Keeps which transactions were prepared before the account was, so that those of others are never taken for its own. */
export async function notePreparedBefore(
  session: Session,
  { stack, administrator }: Target,
  name: string,
): Promise<void> {
  const insert = (transaction: string) =>
    session.change(sql`INSERT IGNORE INTO ${tableOf(stack)} (name, xid) VALUES (?, ?)`, [name, transaction]);
  if ((await readPreparedBefore(session, stack, name)) !== undefined) return;
  const found = await preparedTransactions(session);
  if (found === undefined) {
    // Without this look nobody could tell at the end which of them are the account's.
    throw new EngineError("permission", "the administrator may not look for prepared transactions (XA)", {
      remedy: grantPreparedSights(administrator.username).slice(0, 1),
    });
  }
  for (const { rollBack } of found) await withTable(session, stack, () => insert(rollBack));
  // The mark that all of them are noted comes last: a look that broke off is repeated, before the account is unlocked.
  await withTable(session, stack, () => insert(looked));
}

/** Undefined for an account of an edition that did not look, where nobody could look, and once they were settled. */
export async function readPreparedBefore(
  session: Session,
  stack: string,
  name: string,
): Promise<ReadonlySet<string> | undefined> {
  try {
    const rows = await session.rows(
      z.strictObject({ xid: z.string() }),
      sql`SELECT xid FROM ${tableOf(stack)} WHERE name = ?`,
      [name],
    );
    const noted = new Set(rows.map((row) => row.xid));
    return noted.has(looked) ? noted : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export async function forgetPreparedBefore(session: Session, stack: string, name: string): Promise<void> {
  try {
    await session.change(sql`DELETE FROM ${tableOf(stack)} WHERE name = ?`, [name]);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Registers of earlier editions do not have it. */
async function withTable(session: Session, stack: string, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!isMissing(error)) throw error;
    await session.run(sql`CREATE TABLE IF NOT EXISTS ${tableOf(stack)} (
  name VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  xid VARCHAR(300) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (name, xid)
) ENGINE = InnoDB COMMENT = 'Transactions that were prepared before an account was lent. Do not edit.'`);
    return work();
  }
}

function tableOf(stack: string): string {
  return qualified(registerName(stack), "prepared_before");
}
