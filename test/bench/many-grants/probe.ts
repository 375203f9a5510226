import { setTimeout as sleep } from "node:timers/promises";
import type { Lent } from "./lend.ts";

const probes = 20;

/** Some accounts, spread over all of them, try to log in from just before their end until they are refused: when each was
 * let in last. */
export async function probe({ target, grants }: Lent, password: string): Promise<number[]> {
  const every = Math.max(1, Math.floor(grants.length / probes));
  const chosen = grants.filter((_, index) => index % every === every - 1).slice(0, probes);
  return Promise.all(
    chosen.map(async ({ account, endsAt }) => {
      const endMs = Date.parse(endsAt ?? "");
      await sleep(Math.max(0, endMs - 1500 - Date.now()));
      let lastMs = Number.NaN;
      for (;;) {
        const triedMs = Date.now() - endMs;
        if (!(await target.tryLogin(account, password))) return lastMs;
        lastMs = triedMs;
        await sleep(triedMs > 2000 ? 1000 : 200);
      }
    }),
  );
}
