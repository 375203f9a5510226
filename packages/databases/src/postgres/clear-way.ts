import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { EngineError, type Target } from "../engine.ts";
import { asAdministrator, type Session } from "./connection.ts";
import { type Holder, holdersOf } from "./lock-holders.ts";
import { rollBackEverywhere } from "./prepared.ts";
import { identifier, sql } from "./quote.ts";
import { terminate } from "./sessions.ts";

/** What came of work that may have waited: its failure, and who stood in the way last. */
export type Cleared = { failure?: unknown; holders: Holder[] };

const lookMs = 25;
const attempts = 3;

/**
 * Runs work that waits for locks in a session of its own, and ends what it waits for with this one, if that belongs to
 * an account of ours. Whoever waits is the next to get the lock: an account cannot be there first again, however
 * quickly it comes back.
 */
export async function clearingTheWay(
  watcher: Session,
  target: Target,
  version: number,
  work: (session: Session) => Promise<void>,
): Promise<Cleared> {
  for (let attempt = 1; ; attempt += 1) {
    const cleared = await clearOnce(watcher, target, work);
    const prepared = cleared.holders.filter(isPreparedByOurs);
    if (prepared.length === 0 || attempt === attempts) return cleared;
    await rollBackAll(watcher, target, version, prepared);
  }
}

async function clearOnce(
  watcher: Session,
  target: Target,
  work: (session: Session) => Promise<void>,
): Promise<Cleared> {
  let pid: number | undefined;
  let isOver = false;
  let holders: Holder[] = [];
  const outcome = asAdministrator(target, target.maintenanceDatabase, async (session) => {
    pid = await ownPid(session);
    return met(() => work(session));
  })
    .then(
      (failure) => ({ failure }),
      (failure: unknown) => ({ failure }),
    )
    .finally(() => {
      isOver = true;
    });
  try {
    while (!isOver) {
      if (pid !== undefined) {
        const found = await holdersOf(watcher, target.stack, pid);
        if (found.length > 0) holders = found;
        await endOurs(watcher, found);
        // Nothing ends these but us, with a session that the waiting one has to make room for.
        if (found.length > 0 && found.every(isPreparedByOurs)) await cancel(watcher, pid);
      }
      await sleep(lookMs);
    }
  } finally {
    await outcome;
  }
  const { failure } = await outcome;
  return failure === undefined ? { holders: [] } : { failure, holders };
}

export async function endOurs(session: Session, holders: readonly Holder[]): Promise<void> {
  const pids = holders.flatMap(({ ours, pid }) => (ours !== undefined && pid !== null ? [pid] : []));
  await terminate(session, pids);
}

function isPreparedByOurs({ gid, ours, user }: Holder): boolean {
  return gid !== null && ours !== undefined && user !== null;
}

/** As the owner of each, which the administrator becomes a member of for it; of a group for no longer than that. */
async function rollBackAll(
  session: Session,
  target: Target,
  version: number,
  holders: readonly Holder[],
): Promise<void> {
  const owners = new Map(holders.flatMap(({ ours, user }) => (user === null ? [] : [[user, ours] as const])));
  for (const [owner, kind] of owners) {
    await session.run(membershipOf(owner, version));
    await rollBackEverywhere(session, target, owner);
    if (kind === "group") await session.run(sql`REVOKE ${identifier(owner)} FROM CURRENT_USER`);
  }
}

/** Finishing what an account prepared, and handing over what it owns, asks of us to be its member. */
export function membershipOf(account: string, version: number): string {
  const how = version >= 16 ? " WITH INHERIT TRUE, SET TRUE" : "";
  return sql`GRANT ${identifier(account)} TO CURRENT_USER${how}`;
}

/** A failed transaction was rolled back: the session is as good as before. */
async function met(work: () => Promise<void>): Promise<unknown> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error;
  }
}

export async function ownPid(session: Session): Promise<number> {
  const rows = await session.rows(z.strictObject({ pid: z.number() }), "SELECT pg_backend_pid() AS pid");
  const [row] = rows;
  if (row === undefined) throw new EngineError("other", "the server did not tell a session's number");
  return row.pid;
}

async function cancel(session: Session, pid: number): Promise<void> {
  await session.rows(z.strictObject({ done: z.boolean() }), "SELECT pg_cancel_backend($1) AS done", [pid]);
}
