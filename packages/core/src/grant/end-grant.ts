import { z } from "zod";
import { eventDatabase } from "../catalog/event-database.ts";
import { actingUser } from "../identity/acting-user.ts";
import { userRef } from "../identity/user.ts";
import { conflict, notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { insistent } from "../kernel/insistent.ts";
import { operation } from "../kernel/operation.ts";
import { prose } from "../kernel/prose.ts";
import { closing } from "../request/close-request.ts";
import { findRequest } from "../request/request.store.ts";
import { decided } from "../request/request.ts";
import { findGrant, savingGrant } from "./grant.store.ts";
import { moved } from "./grant.ts";
import { grantFacts } from "./grant-facts.ts";
import { isHeld } from "./held.ts";
import { type TimerContext, wakeTimer } from "./timer.port.ts";

const endOnce = operation({
  name: "grant.end",
  input: z.strictObject({
    id: idSchema("grant"),
    reason: prose({ min: 1, max: 2000, tooShort: "say something" }).optional(),
  }),
  load: async (ctx: TimerContext, { id }) => {
    const grant = await findGrant(ctx, id);
    if (!grant) throw notFound("grant");
    const extension = grant.pendingExtensionId ? await findRequest(ctx, grant.pendingExtensionId) : undefined;
    return { facts: await grantFacts(ctx, grant), grant, extension };
  },
  decide: (ctx, { reason }, { grant, extension }) => {
    if (!isHeld(grant)) {
      throw conflict("grant.already-ended", "This access has ended already.", { state: grant.state });
    }
    const actor = actingUser(ctx);
    const now = ctx.clock.now();
    // Access that is over already ended when it should have, however late its timer is.
    const endsAt = grant.endsAt !== undefined && grant.endsAt < now ? grant.endsAt : now;
    const endedBy = actor.id === grant.holder.id ? "holder" : "administrator";
    const next = moved(grant, "revoking", {
      endsAt,
      endedBy,
      failure: undefined,
      nextAttemptAt: undefined,
      pendingExtensionId: undefined,
    });
    const cancelled =
      extension?.status === "pending"
        ? closing(ctx, extension, decided(extension, "cancelled", now, { decidedBy: userRef(actor) }))
        : [];
    return {
      result: next,
      writes: [savingGrant(ctx, next), ...cancelled],
      event: {
        subjectId: grant.id,
        story: grant.story,
        database: eventDatabase(grant.database),
        data: { state: next.state, endedBy, reason: reason ?? null },
      },
      after: () => wakeTimer(ctx, next),
    };
  },
});

/** "I'm done", or an administrator ends somebody's access: the end is now, and revoking begins at once.
 * An extension that still waits for its decision goes with it. Whatever moves it in that moment, it ends. */
export const endGrant = insistent(endOnce, [
  "grant.changed",
  "request.changed",
  "request.already-decided",
  "table.busy",
]);
