import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Session } from "./connection.ts";
import { killings, killRight, killSession, killUser } from "./dialect.ts";
import { errorNumber, isRefusal } from "./failure.ts";
import { showGrants } from "./show-grants.ts";

export type EndedSessions = { ended: number; left: number; refused: boolean };

const patienceMs = 10_000;

/** Ends every session of that user name, from whatever host, also after the account was dropped, until none is left. */
export async function endSessions(session: Session, name: string): Promise<EndedSessions> {
  const seen = new Set<number>();
  const startedAt = performance.now();
  for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, 100)) {
    const open = await openSessions(session, name);
    if (open.length === 0) return { ended: seen.size, left: 0, refused: false };
    const refused = await kill(session, name, open);
    for (const id of open) seen.add(id);
    if (refused || performance.now() - startedAt > patienceMs) {
      return { ended: seen.size - open.length, left: open.length, refused };
    }
    await sleep(pauseMs);
  }
}

export async function countSessions(session: Session, name: string): Promise<number> {
  return (await openSessions(session, name)).length;
}

/** How many sessions each user has. */
export async function countAllSessions(session: Session): Promise<Map<string, number>> {
  const counted = new Map<string, number>();
  for (const { name } of await session.rows(sessionRow, `SELECT ${sessionColumns} FROM ${sessionTable}`)) {
    counted.set(name, (counted.get(name) ?? 0) + 1);
  }
  return counted;
}

/** The right to end sessions of others, or a procedure that does it. */
export async function mayKill(session: Session): Promise<boolean> {
  const grants = await showGrants(session, "me");
  const rights = new Set(grants.filter(({ object }) => object === "*.*").flatMap((one) => one.privileges));
  if (["ALL PRIVILEGES", "SUPER", killRight(session.dialect)].some((right) => rights.has(right))) return true;
  const [found] = await session.rows(
    z.strictObject({ procedures: z.number() }),
    "SELECT COUNT(*) AS procedures FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = 'mysql' AND ROUTINE_NAME = 'rds_kill'",
  );
  return found?.procedures === 1;
}

/** The server compares names of users without case there; an account of somebody else is not ours for that. */
async function openSessions(session: Session, name: string): Promise<number[]> {
  const text = `SELECT ${sessionColumns} FROM ${sessionTable} WHERE USER = ? AND ID <> CONNECTION_ID()`;
  const rows = await session.rows(sessionRow, text, [name]);
  return rows.filter((row) => row.name === name).map((row) => row.id);
}

const sessionRow = z.strictObject({ id: z.number(), name: z.string() });
const sessionColumns = "ID AS id, USER AS name";
const sessionTable = "information_schema.PROCESSLIST";

/** True when the server does not let us, in any of the ways that it knows. */
async function kill(session: Session, name: string, ids: readonly number[]): Promise<boolean> {
  for (const how of killings(session.dialect)) {
    const texts = how === "user" ? [killUser(name)] : ids.map((id) => killSession(how, id));
    if (await runAll(session, texts)) return false;
  }
  return true;
}

/** False when the server refuses: the right is missing, or the procedure. A session that is gone is what we want. */
async function runAll(session: Session, texts: readonly string[]): Promise<boolean> {
  for (const text of texts) {
    try {
      await session.run(text);
    } catch (error) {
      if (isRefusal(error) || errorNumber(error) === 1305) return false;
      if (errorNumber(error) !== 1094) throw error;
    }
  }
  return true;
}
