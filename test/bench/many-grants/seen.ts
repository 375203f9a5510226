import { findGrants } from "@daypass/core/grant/grant.store.ts";
import type { Grant } from "@daypass/core/grant/grant.ts";
import { epochMs, systemClock } from "@daypass/core/kernel/clock.ts";
import { most, ms, p50, p99 } from "../figures.ts";
import type { Lent } from "./lend.ts";
import type { Machines } from "./machines.ts";

export const connectionsPerInstance = 8;

/** What came of the grants of one target, each counted from its own moment. */
export type Seen = { gone: number[]; revoked: number[]; attempts: number; peak: number };

/** `sinceMs`: from when a grant is counted, as the ledger has it in the end. */
export async function see(
  machines: Machines,
  { grants, goneMs, connections }: Lent,
  sinceMs: (grant: Grant) => number,
): Promise<Seen> {
  const revoked: number[] = [];
  let attempts = 0;
  for (let done = 0; done < grants.length; done += 100) {
    const ids = grants.slice(done, done + 100).map(({ id }) => id);
    for (const grant of (await findGrants({ ...machines, clock: systemClock }, ids)).values()) {
      attempts += grant.failure?.attempts ?? 0;
      if (grant.state === "revoked" && grant.revokedAt)
        revoked.push(epochMs(grant.revokedAt) - sinceMs(grant));
    }
  }
  const gone = grants.flatMap((grant) => {
    const at = goneMs.get(grant.account);
    return at === undefined ? [] : [at - sinceMs(grant)];
  });
  return { gone, revoked, attempts, peak: most(connections) };
}

/** Which of the bounds that hold for every target are broken. */
export function brokenBounds(
  { target, grants }: Lent,
  { gone, revoked, peak }: Seen,
  withinMs: number,
): string[] {
  const broken: string[] = [];
  const left = grants.length - Math.min(revoked.length, gone.length);
  if (left > 0) broken.push(`${left} of ${target.engine} are not revoked`);
  if (most([0, ...gone, ...revoked]) > withinMs)
    broken.push(`${target.engine}: some took longer than ${withinMs / 1000} s`);
  if (peak > connectionsPerInstance) broken.push(`${target.engine}: ${peak} connections at once`);
  return broken;
}

export function row(what: string, samples: readonly number[]): string[] {
  const shown = samples.filter((one) => !Number.isNaN(one));
  if (shown.length === 0) return [what, "", "", "", "0"];
  return [what, ms(p50(shown)), ms(p99(shown)), ms(most(shown)), String(shown.length)];
}

export function connectionsLine({ connections }: Lent, { attempts, peak }: Seen): string {
  return `  connections: at most ${peak} in ${connections.length} looks, ${connectionsPerInstance} allowed; ${attempts} attempts failed\n`;
}
