import { z } from "zod";
import { eventDatabase } from "../catalog/event-database.ts";
import { actingUser } from "../identity/acting-user.ts";
import { userRef } from "../identity/user.ts";
import { type Instant, minutesBetween } from "../kernel/clock.ts";
import { conflict, forbidden, notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { prose } from "../kernel/prose.ts";
import { findGrant, savingGrant } from "./grant.store.ts";
import { type Grant, moved } from "./grant.ts";
import { grantFacts } from "./grant-facts.ts";
import { type TimerContext, wakeTimer } from "./timer.port.ts";

/** Ends the search for an account whose server is gone for good. Says that nobody saw the account absent, and never
 * "revoked". Not for what still answers, and not by the holder: their access must not outlive its end by their word. */
export const writeOffGrant = operation({
  name: "grant.write-off",
  input: z.strictObject({
    id: idSchema("grant"),
    version: z.number().int(),
    reason: prose({ min: 10, max: 2000, tooShort: "say what became of the server, and how you know" }),
  }),
  load: async (ctx: TimerContext, { id }) => {
    const grant = await findGrant(ctx, id);
    if (!grant) throw notFound("grant");
    return { facts: await grantFacts(ctx, grant), grant };
  },
  decide: (ctx, { version, reason }, { grant }) => {
    const actor = actingUser(ctx);
    const now = ctx.clock.now();
    if (actor.id === grant.holder.id) {
      throw forbidden(
        "grant.write-off-own",
        "You cannot write off your own access; ask another administrator.",
      );
    }
    if (!isWriteOffable(grant, now)) {
      throw conflict(
        "grant.not-lost",
        `Only what could not be revoked for ${lostAfterMinutes} minutes because its server is away or another one can be written off.`,
        { state: grant.state },
      );
    }
    if (grant.version !== version) {
      throw conflict("grant.changed", "The grant changed in the meantime; look at it again.");
    }
    const next = moved(grant, "written-off", {
      writtenOff: { at: now, by: userRef(actor), reason },
      nextAttemptAt: undefined,
      pendingExtensionId: undefined,
    });
    return {
      result: next,
      writes: [savingGrant(ctx, next)],
      event: {
        subjectId: grant.id,
        story: grant.story,
        database: eventDatabase(grant.database),
        data: {
          state: next.state,
          reason,
          account: grant.account,
          absenceSeen: false,
          server: grant.server ? `${grant.server.host}:${grant.server.port}` : null,
          lastFailure: grant.failure?.message ?? null,
        },
      },
      // The broker deletes its secret: whatever becomes of the account, nobody is shown its password again.
      after: () => wakeTimer(ctx, next),
    };
  },
});

/** An outage is over sooner; whoever writes off has had the time to look. */
export const lostAfterMinutes = 30;

/** Its server has been away, or another one, for so long that somebody may say it is gone. */
export function isWriteOffable({ state, failure }: Grant, now: Instant): boolean {
  if ((state !== "revoking" && state !== "quarantined") || failure?.step !== "revoke") return false;
  const isLost = failure.reason === "unreachable" || failure.reason === "server-changed";
  return isLost && minutesBetween(failure.since, now) >= lostAfterMinutes;
}
