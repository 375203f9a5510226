import { eventDatabase } from "../catalog/event-database.ts";
import type { UserRef } from "../identity/user.view.ts";
import type { Context } from "../kernel/context.ts";
import { eventOf, recording } from "../kernel/event.store.ts";
import type { Write } from "../kernel/table.ts";
import { savingGrant } from "./grant.store.ts";
import { type Grant, moved } from "./grant.ts";

/** A transaction takes 100 writes: two for each grant, and some for whoever ends them all. */
export const holdingsAtOnce = 45;

/** Ends grants within somebody else's transaction, each with the event of its own story, which names who ordered it
 * where that may be another than who does it. An extension that waits is left to lapse: it finds nothing to extend. */
export function endingHoldings(
  ctx: Context,
  held: readonly Grant[],
  reason: string,
  orderedBy?: UserRef,
): { ended: Grant[]; writes: Write[] } {
  const now = ctx.clock.now();
  const ended = held.map((grant) =>
    moved(grant, "revoking", {
      endsAt: grant.endsAt !== undefined && grant.endsAt < now ? grant.endsAt : now,
      endedBy: "administrator",
      failure: undefined,
      nextAttemptAt: undefined,
      pendingExtensionId: undefined,
    }),
  );
  const writes = ended.flatMap((grant) => [
    savingGrant(ctx, grant),
    recording(ctx, told(ctx, grant, reason, orderedBy)),
  ]);
  return { ended, writes };
}

function told(ctx: Context, grant: Grant, reason: string, orderedBy: UserRef | undefined) {
  return eventOf(ctx, "grant.end", {
    subjectId: grant.id,
    story: grant.story,
    database: eventDatabase(grant.database),
    data: {
      state: grant.state,
      endedBy: "administrator",
      reason,
      ...(orderedBy ? { orderedBy: orderedBy.name } : {}),
    },
  });
}
