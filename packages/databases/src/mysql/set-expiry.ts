import { type AccountRef, EngineError, type Target } from "../engine.ts";
import { requireInstant } from "../plan-limits.ts";
import { proveAccount, requireAccountRef } from "./accounts.ts";
import { asAdministrator } from "./connection.ts";
import { lock } from "./deny.ts";
import { holding, serverClockMs } from "./register.ts";

/**
 * Moves the end that the server's own event keeps. An account that ended is not brought back by a later end; an end
 * that has passed is what it has already.
 */
export async function setExpiry(target: Target, account: AccountRef, expiresAtMs: number): Promise<void> {
  requireAccountRef(account);
  requireInstant(expiresAtMs);
  const moved = await holding(target, account.name, async ({ entry, set }, session) => {
    const accounts = await proveAccount(session, target, account);
    const hasPassed = expiresAtMs <= (await serverClockMs(session));
    const isOver = entry.state === "closed" || entry.state === "expired" || accounts.length === 0;
    if (isOver && hasPassed) return true;
    if (accounts.length === 0) throw new EngineError("conflict", `account ${account.name} does not exist`);
    if (isOver || accounts.every((one) => one.locked)) {
      throw new EngineError("conflict", `account ${account.name} was denied login already`);
    }
    await set(hasPassed ? "expired" : entry.state, expiresAtMs);
    return hasPassed ? accounts : true;
  });
  if (moved === undefined) throw new EngineError("conflict", `account ${account.name} does not exist`);
  if (moved === true) return;
  // The event would do it some seconds later.
  await asAdministrator(target, async (session) => {
    for (const one of moved) await lock(session, one);
  });
}
