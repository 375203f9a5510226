import { instantOf } from "../kernel/clock.ts";
import { DomainError } from "../kernel/errors.ts";
import type { BrokerContext } from "./account-engine.port.ts";
import { boundedRemedy } from "./bounded-remedy.ts";
import { failureOf } from "./failure-of.ts";
import { finishGrant } from "./finish-grant.ts";
import { asSeen, type Grant } from "./grant.ts";
import { quarantineGrant } from "./quarantine-grant.ts";
import { recordFailure } from "./record-failure.ts";
import { revokeAccount } from "./revoke-account.ts";
import { type Turn, waitFor, waitForServer } from "./turn.ts";

/** Takes the account back and says so once its absence was seen; else what is in the way, and when the next attempt is. */
export async function revoke(ctx: BrokerContext, grant: Grant): Promise<Turn> {
  try {
    const revocation = await revokeAccount(ctx, grant);
    if (revocation.status === "quarantined") {
      const { reason, blockers, remedy } = revocation;
      const message = revocation.loginDenied
        ? `Login is denied and ${revocation.sessionsLeft === 0 ? "no session is" : `${revocation.sessionsLeft} sessions are`} left, but the account cannot be dropped yet.`
        : "The account could not be denied login yet.";
      ctx.log.error("grant quarantined", { grantId: grant.id, reason });
      return waitFor(
        await quarantineGrant(ctx, {
          ...asSeen(grant),
          reason,
          message,
          loginDenied: revocation.loginDenied,
          blockers: blockers.slice(0, 50).map((text) => text.slice(0, 500)),
          remedy: boundedRemedy(remedy, { statements: 49, characters: 60_000 }),
          random: ctx.random(),
        }),
      );
    }
    await ctx.grantSecrets.delete(grant.secretName);
    await finishGrant(ctx, {
      ...asSeen(grant),
      absentAt: instantOf(revocation.checkedAtMs),
      sessionsEnded: revocation.sessionsEnded,
      keptObjects: revocation.keptObjects.slice(0, 50),
    });
    return { next: "done" };
  } catch (error) {
    if (error instanceof DomainError && error.kind === "conflict") throw error;
    const failure = failureOf(error);
    ctx.log.error("revocation failed", { grantId: grant.id, ...failure });
    const next = await recordFailure(ctx, {
      ...asSeen(grant),
      step: "revoke",
      random: ctx.random(),
      ...failure,
    });
    return failure.reason === "unreachable" ? waitForServer(next) : waitFor(next);
  }
}
