import { z } from "zod";
import { isAccountName } from "../account-name.ts";
import { type AccountPlan, type AccountRef, EngineError, type Target } from "../engine.ts";
import { asAdministrator, type Session } from "./connection.ts";
import { markOf } from "./dialect.ts";
import { isMissing, isRefusal } from "./failure.ts";
import { registerName } from "./names.ts";
import { qualified, sql } from "./quote.ts";
import { formatRights, parseRights, type Right } from "./rights.ts";

/**
 * What the register says of an account. `opening`: being made, still locked. `open`: handed out. `expired`: ended by
 * the server's own event. `closed`: ended by us; never to be opened again.
 */
export type EntryState = "opening" | "open" | "expired" | "closed";

export type Entry = {
  id: number;
  name: string;
  grantId: string;
  database: string;
  state: EntryState;
  endsAtMs: number;
  rights: Right[];
};

/** Undefined too where the register itself is missing: then nothing was ever lent on this server. */
export async function findEntry(session: Session, stack: string, name: string): Promise<Entry | undefined> {
  const [entry] = await readEntries(session, stack, "WHERE name = ?", [name]);
  return entry;
}

/** Entries of accounts that nobody has seen absent yet. */
export async function listEntries(session: Session, stack: string): Promise<Entry[]> {
  return readEntries(session, stack, "WHERE dropped_at_ms IS NULL ORDER BY name", []);
}

/** Entries of accounts that were ended, dropped or not, among these names of users who have sessions. */
export async function endedEntries(
  session: Session,
  stack: string,
  users: readonly string[],
): Promise<Entry[]> {
  const found: Entry[] = [];
  for (const name of users.filter(isAccountName)) {
    const entry = await findEntry(session, stack, name);
    if (entry?.state === "closed" || entry?.state === "expired") found.push(entry);
  }
  return found;
}

/** On record before the account is: what a crash leaves behind is found, and ended, by the server itself. */
export async function enroll(
  session: Session,
  stack: string,
  plan: AccountPlan,
  rights: readonly Right[],
): Promise<void> {
  const table = tableOf(stack);
  const text = formatRights(rights);
  await session.change(
    sql`INSERT IGNORE INTO ${table} (name, grant_id, mark, database_name, state, ends_at_ms, rights) VALUES (?, ?, ?, ?, 'opening', ?, ?)`,
    [
      plan.name,
      plan.grantId,
      markOf(session.dialect, stack, plan.name),
      plan.database,
      plan.expiresAtMs,
      text,
    ],
  );
  await session.change(
    sql`UPDATE ${table} SET database_name = ?, ends_at_ms = ?, rights = ?, dropped_at_ms = NULL WHERE name = ? AND grant_id = ? AND state <> 'closed'`,
    [plan.database, plan.expiresAtMs, text, plan.name, plan.grantId],
  );
}

export type Held = { entry: Entry; set: (state: EntryState, endsAtMs: number) => Promise<void> };

/**
 * Runs `work` while nobody else opens, moves or closes this account: a row of the register is locked by a session of
 * its own, because every statement about accounts commits. Undefined, and no work, without an entry.
 */
export async function holding<Result>(
  target: Target,
  name: string,
  work: (held: Held, session: Session) => Promise<Result>,
): Promise<Result | undefined> {
  return asAdministrator(target, async (session) => {
    await session.run("BEGIN");
    const [entry] = await readEntries(session, target.stack, "WHERE name = ? FOR UPDATE", [name]);
    if (entry === undefined) {
      await session.run("COMMIT");
      return undefined;
    }
    const set = async (state: EntryState, endsAtMs: number) => {
      const changed = sql`UPDATE ${tableOf(target.stack)} SET state = ?, ends_at_ms = ?, changed_at_ms = ${nowMs} WHERE id = ?`;
      await session.change(changed, [state, endsAtMs, entry.id]);
    };
    const result = await work({ entry, set }, session);
    await session.run("COMMIT");
    return result;
  });
}

/**
 * Closes the entry for ever, and sets its end to now. Waits some seconds for who holds it; needs no second session, so
 * that an account can be ended through the last free slot of a server. Answers the entry, if there is one.
 */
export async function closeEntry(
  session: Session,
  stack: string,
  account: AccountRef,
): Promise<Entry | undefined> {
  const entry = await findEntry(session, stack, account.name);
  if (entry === undefined) return undefined;
  await session.change(
    sql`UPDATE ${tableOf(stack)} SET state = 'closed', ends_at_ms = LEAST(ends_at_ms, ${nowMs}), changed_at_ms = ${nowMs} WHERE name = ? AND grant_id = ?`,
    [account.name, account.grantId],
  );
  return entry;
}

/** A stone for an account that was never made here, so that a slow attempt to make it finds its end. */
export async function forestall(session: Session, stack: string, account: AccountRef): Promise<void> {
  await session.change(
    sql`INSERT IGNORE INTO ${tableOf(stack)} (name, grant_id, mark, database_name, state, ends_at_ms, rights, changed_at_ms) VALUES (?, ?, ?, '', 'closed', ${nowMs}, '[]', ${nowMs})`,
    [account.name, account.grantId, markOf(session.dialect, stack, account.name)],
  );
}

/** Seen absent: kept as a stone on the grave, so that no late attempt digs the account up again. */
export async function bury(session: Session, stack: string, account: { name: string }): Promise<void> {
  await session.change(sql`UPDATE ${tableOf(stack)} SET dropped_at_ms = ${nowMs} WHERE name = ?`, [
    account.name,
  ]);
}

/** An identity that moves with the data: made once, in the register. Undefined where there is no register. */
export async function readIdentity(session: Session, stack: string): Promise<string | undefined> {
  try {
    const [row] = await session.rows(
      z.strictObject({ identity: z.string() }),
      sql`SELECT identity FROM ${qualified(registerName(stack), "server")}`,
    );
    return row?.identity;
  } catch (error) {
    if (await isAbsentRegister(session, stack, error)) return undefined;
    throw error;
  }
}

/** The server's own clock, in epoch milliseconds. */
export async function serverClockMs(session: Session): Promise<number> {
  const [row] = await session.rows(z.strictObject({ now: z.number() }), `SELECT ${nowMs} AS now`);
  if (row === undefined) throw new EngineError("other", "the server did not tell the time");
  return row.now;
}

/** In a session whose time zone is UTC, as all of ours are. */
export const nowMs = "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)";

function tableOf(stack: string): string {
  return qualified(registerName(stack), "account");
}

async function readEntries(
  session: Session,
  stack: string,
  where: string,
  parameters: readonly string[],
): Promise<Entry[]> {
  try {
    const rows = await session.rows(
      entryRow,
      `SELECT id, name, grant_id AS grantId, database_name AS \`database\`, state, ends_at_ms AS endsAtMs, rights FROM ${tableOf(stack)} ${where}`,
      parameters,
    );
    return rows.map(({ rights, ...row }) => ({ ...row, rights: parseRights(rights) }));
  } catch (error) {
    if (await isAbsentRegister(session, stack, error)) return [];
    throw error;
  }
}

/** A schema that is not there is refused, not missing, to who has no right on its name. */
async function isAbsentRegister(session: Session, stack: string, error: unknown): Promise<boolean> {
  if (isMissing(error)) return true;
  if (!isRefusal(error)) return false;
  const found = await session.rows(
    z.strictObject({ name: z.string() }),
    "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?",
    [registerName(stack)],
  );
  return found.length === 0;
}

const entryRow = z.strictObject({
  id: z.number(),
  name: z.string(),
  grantId: z.string(),
  database: z.string(),
  state: z.enum(["opening", "open", "expired", "closed"]),
  endsAtMs: z.number(),
  rights: z.string(),
});
