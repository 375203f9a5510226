import { z } from "zod";
import { eventDatabase } from "../catalog/event-database.ts";
import { conflict, notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { findGrant, savingGrant } from "./grant.store.ts";
import { isLive, moved } from "./grant.ts";
import { grantFacts } from "./grant-facts.ts";
import { type TimerContext, wakeTimer } from "./timer.port.ts";

/** Tries now what failed, instead of after its back-off. */
export const retryGrant = operation({
  name: "grant.retry",
  input: z.strictObject({ id: idSchema("grant") }),
  load: async (ctx: TimerContext, { id }) => {
    const grant = await findGrant(ctx, id);
    if (!grant) throw notFound("grant");
    return { facts: await grantFacts(ctx, grant), grant };
  },
  decide: (ctx, _input, { grant }) => {
    if (!isRetryable(grant)) {
      throw conflict("grant.nothing-to-retry", "Nothing has failed here that could be tried again.", {
        state: grant.state,
      });
    }
    const next = moved(grant, grant.state, { nextAttemptAt: undefined });
    return {
      result: next,
      writes: [savingGrant(ctx, next)],
      event: {
        subjectId: grant.id,
        story: grant.story,
        database: eventDatabase(grant.database),
        data: { state: grant.state, step: grant.failure?.step ?? null },
      },
      after: () => wakeTimer(ctx, next),
    };
  },
});

export function isRetryable(grant: Parameters<typeof moved>[0]): boolean {
  return isLive(grant) && grant.failure !== undefined;
}
