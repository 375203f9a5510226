import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Target } from "../engine.ts";
import { asAdministrator, type Session } from "./connection.ts";
import { type Holder, holdersOf } from "./lock-holders.ts";
import { rollBackEverywhere } from "./prepared.ts";
import { identifier, sql } from "./quote.ts";
import { terminate } from "./sessions.ts";

/** What came of work that may have waited: its failure, and who stood in the way last. */
export type Cleared = { failure?: unknown; holders: Holder[] };

const lookMs = 25;

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
  let pid: number | undefined;
  let isOver = false;
  let holders: Holder[] = [];
  const working = asAdministrator(target, target.maintenanceDatabase, async (session) => {
    pid = await ownPid(session);
    return met(() => work(session));
  });
  const outcome = working.then(
    (failure) => ({ failure }),
    (failure: unknown) => ({ failure }),
  );
  void outcome.then(() => {
    isOver = true;
  });
  try {
    while (!isOver) {
      if (pid !== undefined) {
        const found = await holdersOf(watcher, target.stack, pid);
        if (found.length > 0) holders = found;
        await terminate(
          watcher,
          found.flatMap((one) => (one.isOurs && one.pid !== null ? [one.pid] : [])),
        );
      }
      await sleep(lookMs);
    }
  } finally {
    await outcome;
  }
  const { failure } = await outcome;
  if (failure === undefined) return { holders: [] };
  await rollBackOurs(watcher, target, version, holders);
  return { failure, holders };
}

/** As the owner of each, which the administrator becomes a member of for it. */
async function rollBackOurs(
  session: Session,
  target: Target,
  version: number,
  holders: readonly Holder[],
): Promise<void> {
  const owners = holders.flatMap(({ gid, isOurs, user }) =>
    gid !== null && isOurs && user !== null ? [user] : [],
  );
  for (const owner of new Set(owners)) {
    await session.run(membershipOf(owner, version));
    await rollBackEverywhere(session, target, owner);
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

async function ownPid(session: Session): Promise<number | undefined> {
  const rows = await session.rows(z.strictObject({ pid: z.number() }), "SELECT pg_backend_pid() AS pid");
  return rows[0]?.pid;
}
