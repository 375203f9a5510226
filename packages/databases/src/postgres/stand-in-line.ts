import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Target } from "../engine.ts";
import { again } from "./again.ts";
import { endOurs, ownPid } from "./clear-way.ts";
import { asAdministrator, type Session } from "./connection.ts";
import { isCollision, isLockTimeout } from "./failure.ts";
import { holdersOf } from "./lock-holders.ts";

const lookMs = 100;

/**
 * Runs work of the administrator that no account is meant to keep from being done. If it waited for a lock in vain, it
 * is run again while a second session ends accounts of ours that stand in its way to a catalog of the whole server.
 * Locks in a database are left alone: an account may be at its own work there.
 */
export async function standInLine<Result>(
  session: Session,
  target: Target,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isCollision(error)) throw error;
    if (!isLockTimeout(error)) return again(work);
  }
  const pid = await ownPid(session);
  return asAdministrator(target, target.maintenanceDatabase, async (watcher) => {
    let isOver = false;
    const outcome = again(work).finally(() => {
      isOver = true;
    });
    try {
      while (!isOver) {
        if (await waitsForCatalog(watcher, pid))
          await endOurs(watcher, await holdersOf(watcher, target.stack, pid));
        await sleep(lookMs);
      }
    } finally {
      await Promise.allSettled([outcome]);
    }
    return outcome;
  });
}

async function waitsForCatalog(watcher: Session, pid: number): Promise<boolean> {
  const rows = await watcher.rows(
    z.strictObject({ pid: z.number() }),
    "SELECT pid FROM pg_locks WHERE pid = $1 AND NOT granted AND database = 0",
    [pid],
  );
  return rows.length > 0;
}
