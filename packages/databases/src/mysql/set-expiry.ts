import { type AccountRef, EngineError, type Target } from "../engine.ts";
import { requireInstant } from "../plan-limits.ts";
import { proveAccount, requireAccountRef } from "./accounts.ts";
import { holding, serverClockMs } from "./register.ts";

/**
 * Moves the end that the server's own event keeps. An account that ended is not brought back by a later end; an end
 * that has passed is what it has already.
 */
export async function setExpiry(target: Target, account: AccountRef, expiresAtMs: number): Promise<void> {
  requireAccountRef(account);
  requireInstant(expiresAtMs);
  const moved = await holding(target, account.name, async ({ entry, set }, session) => {
    const [found, ...others] = await proveAccount(session, target, account);
    const isOver = entry.state === "closed" || entry.state === "expired" || found === undefined;
    if (isOver && expiresAtMs <= (await serverClockMs(session))) return true;
    if (found === undefined) throw new EngineError("conflict", `account ${account.name} does not exist`);
    if (isOver || [found, ...others].every((one) => one.locked)) {
      throw new EngineError("conflict", `account ${account.name} was denied login already`);
    }
    await set(entry.state, expiresAtMs);
    return true;
  });
  if (moved !== true) throw new EngineError("conflict", `account ${account.name} does not exist`);
}
