import { epochMs } from "../kernel/clock.ts";
import { DomainError } from "../kernel/errors.ts";
import type { BrokerContext } from "./account-engine.port.ts";
import { failureOf } from "./failure-of.ts";
import type { Grant } from "./grant.ts";
import { accountOf, endOf, serverOf } from "./grant-server.ts";
import { revokeAccount } from "./revoke-account.ts";
import type { Turn } from "./turn.ts";

/** The grant moved on while this attempt was touching the database: whatever the attempt left there is put right,
 * insistently, because nobody else knows of it before the next comparison of ledger and accounts. */
export async function settleLateAttempt(ctx: BrokerContext, latest: Grant): Promise<Turn> {
  switch (latest.state) {
    case "active":
      await insist(ctx, async () =>
        (await serverOf(ctx, latest)).setExpiry(accountOf(latest), epochMs(endOf(latest))),
      );
      return { next: "again" };
    case "revoked":
    case "written-off":
      await insist(ctx, async () => {
        const revocation = await revokeAccount(ctx, latest);
        if (revocation.status === "quarantined") throw notDropped(revocation.blockers);
        await ctx.grantSecrets.delete(latest.secretName);
      });
      return { next: "done" };
    case "revoking":
    case "quarantined":
      await closeNow(ctx, latest);
      return { next: "again" };
    case "planned":
    case "provisioning":
      return { next: "again" };
  }
}

/** The ledger has its next attempt at this, but that may be minutes away, and what came late may be open. */
async function closeNow(ctx: BrokerContext, ending: Grant): Promise<void> {
  try {
    await revokeAccount(ctx, ending);
  } catch (error) {
    ctx.log.warn("a late attempt is left to the next revocation", failureOf(error));
  }
}

function notDropped(blockers: readonly string[]): DomainError {
  const message = "The account was made again after it was revoked, and cannot be dropped yet.";
  return new DomainError("unavailable", "grant.not-dropped", message, {
    details: { blockers: blockers.slice(0, 50).map((text) => text.slice(0, 500)) },
  });
}

const insistentAttempts = 6;

async function insist(ctx: BrokerContext, step: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await step();
    } catch (error) {
      ctx.log.error("a late attempt could not be put right yet", { attempt, ...failureOf(error) });
      if (attempt === insistentAttempts) throw error;
      await ctx.clock.sleep(500 * 2 ** attempt);
    }
  }
}
