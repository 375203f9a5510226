import { setTimeout as sleep } from "node:timers/promises";
import { ms } from "../figures.ts";
import type { Lent } from "./lend.ts";
import { say } from "./say.ts";

/** Watches all servers until no account is left on any, or until `latestMs`. */
export async function watchUntilGone(
  lent: readonly Lent[],
  { sinceMs, latestMs, lookMs }: { sinceMs: number; latestMs: number; lookMs: number },
): Promise<void> {
  let over = false;
  const gone = untilGone(lent, sinceMs, latestMs).finally(() => {
    over = true;
  });
  await Promise.all([gone, ...lent.map((one) => watch(one, lookMs, () => over))]);
}

/** Counts the administrator's sessions many times a second, and sees every `lookMs` which accounts are gone. */
async function watch(
  { target, grants, connections, goneMs }: Lent,
  lookMs: number,
  isOver: () => boolean,
): Promise<void> {
  let next = 0;
  while (!isOver() || goneMs.size < grants.length) {
    connections.push(await target.connections());
    if (Date.now() >= next) {
      const left = await target.left();
      const now = Date.now();
      for (const { account } of grants) {
        if (!left.has(account) && !goneMs.has(account)) goneMs.set(account, now);
      }
      next = Date.now() + lookMs;
    }
    if (isOver() && (await target.left()).size > 0) return;
    await sleep(50);
  }
}

/** Until no account is left, or longer than is allowed. */
async function untilGone(lent: readonly Lent[], sinceMs: number, latestMs: number): Promise<void> {
  let said = Date.now();
  for (;;) {
    const left = lent.map(({ grants, goneMs }) => grants.length - goneMs.size);
    if (left.every((count) => count === 0)) break;
    if (Date.now() > latestMs) return;
    if (Date.now() - said > 20_000) {
      said = Date.now();
      say(`after ${ms(said - sinceMs)}: ${left.join(" and ")} accounts left`);
    }
    await sleep(250);
  }
  // The ledger says so after the account is gone and its secret deleted.
  await sleep(2000);
}
