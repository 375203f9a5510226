import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Session } from "./connection.ts";
import { sqlState } from "./failure.ts";

export type EndedSessions = { ended: number; left: number; refused: boolean };

/** `seen` are the sessions that were ended before, for whoever asks more than once. */
type Patience = { once?: boolean; withinMs?: number; seen?: Set<number> };

/** A statement that does not notice for longer is ended by the next attempt: nobody else has to wait for it. */
const patienceMs = 2_000;

/**
 * Ends every session of the role with this oid, also after the role was dropped, and looks until none is left; with
 * `once`, until those are gone that were there at first: an account that may still log in always has another.
 * Without the server's own waiting argument, polling here is several times faster.
 */
export async function endSessions(
  session: Session,
  oid: number,
  { once = false, withinMs = patienceMs, seen = new Set<number>() }: Patience = {},
): Promise<EndedSessions> {
  const startedAt = performance.now();
  let first: readonly number[] | undefined;
  for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, 100)) {
    const all = await openSessions(session, oid);
    first ??= all;
    const open = once ? all.filter((pid) => first?.includes(pid)) : all;
    if (open.length === 0) return { ended: seen.size, left: 0, refused: false };
    const refused = await terminate(session, open);
    for (const pid of open) seen.add(pid);
    if (refused || performance.now() - startedAt > withinMs) {
      return { ended: seen.size - open.length, left: open.length, refused };
    }
    await sleep(pauseMs);
  }
}

export async function countSessions(session: Session, oid: number): Promise<number> {
  return (await openSessions(session, oid)).length;
}

async function openSessions(session: Session, oid: number): Promise<number[]> {
  return (await session.rows(pidRow, openQuery, [oid])).map(({ pid }) => pid);
}

/** True when the server does not let us: one refusal fails the whole statement, so each is asked by itself then. */
export async function terminate(session: Session, pids: readonly number[]): Promise<boolean> {
  let refused = false;
  for (const pid of pids) {
    try {
      await session.rows(z.strictObject({ done: z.boolean() }), "SELECT pg_terminate_backend($1) AS done", [
        pid,
      ]);
    } catch (error) {
      if (sqlState(error) !== "42501") throw error;
      refused = true;
    }
  }
  return refused;
}

const pidRow = z.strictObject({ pid: z.number() });

// As pg_stat_activity shows it, without what the view does besides: for each session it looks through all roles that
// the administrator is a member of, and from PostgreSQL 16 on these are all accounts.
const openQuery = `SELECT pg_stat_get_backend_pid(b) AS pid FROM pg_stat_get_backend_idset() b
  WHERE pg_stat_get_backend_userid(b) = $1 AND pg_stat_get_backend_pid(b) <> pg_backend_pid()`;
