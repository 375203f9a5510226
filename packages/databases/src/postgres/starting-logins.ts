import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { inTransaction, type Session } from "./connection.ts";
import { sqlState } from "./failure.ts";
import { identifier, sql } from "./quote.ts";

/**
 * Logins that were let in and show in no list of sessions yet. Usually they are there for a moment; with the setting
 * `post_auth_delay`, which any client may choose, for half an hour. All that shows of them is the lock on their database.
 */
export async function startingLogins(session: Session): Promise<number[]> {
  return (await session.rows(z.strictObject({ pid: z.number() }), startingQuery)).map(({ pid }) => pid);
}

/**
 * Ends those of this role, and says how many would not go. Nothing tells whose they are, so the administrator asks as
 * the role: then the server ends the role's own alone. It has to be a member of the role.
 */
export async function endStarting(session: Session, role: string, withinMs = 1_000): Promise<number> {
  const startedAt = performance.now();
  const own = new Set<number>();
  for (let pauseMs = 5; ; pauseMs = Math.min(pauseMs * 2, 100)) {
    const starting = await startingLogins(session);
    if (starting.length > 0) for (const pid of await terminateAs(session, role, starting)) own.add(pid);
    const left = starting.filter((pid) => own.has(pid)).length;
    if (left === 0 || performance.now() - startedAt > withinMs) return left;
    await sleep(pauseMs);
  }
}

/** The pids that were the role's to end. */
async function terminateAs(session: Session, role: string, pids: readonly number[]): Promise<number[]> {
  const own: number[] = [];
  await inTransaction(session, async () => {
    await session.run(sql`SET LOCAL ROLE ${identifier(role)}`);
    for (const pid of pids) {
      await session.run("SAVEPOINT login");
      try {
        const rows = await session.rows(
          z.strictObject({ done: z.boolean() }),
          "SELECT pg_terminate_backend($1) AS done",
          [pid],
        );
        if (rows[0]?.done) own.push(pid);
      } catch (error) {
        if (sqlState(error) !== "42501") throw error;
        await session.run("ROLLBACK TO SAVEPOINT login");
      }
    }
  });
  return own;
}

const startingQuery = `SELECT pid FROM pg_locks WHERE locktype = 'object' AND classid = 'pg_database'::regclass
  AND mode = 'RowExclusiveLock' AND granted AND pid IS NOT NULL AND pid <> pg_backend_pid()`;
