import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Session } from "./connection.ts";

export type EndedSessions = { ended: number; left: number; refused: boolean };

const patienceMs = 10_000;

/**
 * Ends every session of the role with this oid, also after the role was dropped, and looks until none is left.
 * Without the server's own waiting argument, polling here is several times faster.
 */
export async function endSessions(session: Session, oid: number): Promise<EndedSessions> {
  const seen = new Set<number>();
  const startedAt = performance.now();
  for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, 100)) {
    const open = await session.rows(z.strictObject({ pid: z.number() }), openQuery, [oid]);
    if (open.length === 0) return { ended: seen.size, left: 0, refused: false };
    const refused = await terminate(
      session,
      open.map((one) => one.pid),
    );
    for (const { pid } of open) seen.add(pid);
    if (refused || performance.now() - startedAt > patienceMs) {
      return { ended: seen.size - open.length, left: open.length, refused };
    }
    await sleep(pauseMs);
  }
}

export async function countSessions(session: Session, oid: number): Promise<number> {
  return (await session.rows(z.strictObject({ pid: z.number() }), openQuery, [oid])).length;
}

/** True when the server does not let us: one refusal fails the whole statement, so each is asked by itself then. */
async function terminate(session: Session, pids: readonly number[]): Promise<boolean> {
  let refused = false;
  for (const pid of pids) {
    try {
      await session.rows(z.strictObject({ done: z.boolean() }), "SELECT pg_terminate_backend($1) AS done", [
        pid,
      ]);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "42501")) throw error;
      refused = true;
    }
  }
  return refused;
}

// As pg_stat_activity shows it, without what the view does besides: for each session it looks through all roles that
// the administrator is a member of, and from PostgreSQL 16 on these are all accounts.
const openQuery = `SELECT pg_stat_get_backend_pid(b) AS pid FROM pg_stat_get_backend_idset() b
  WHERE pg_stat_get_backend_userid(b) = $1 AND pg_stat_get_backend_pid(b) <> pg_backend_pid()`;
