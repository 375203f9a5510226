import { z } from "zod";
import { eventDatabase } from "../catalog/event-database.ts";
import type { Context, OperationName } from "../kernel/context.ts";
import { notFound } from "../kernel/errors.ts";
import type { EventOutcome, EventValue } from "../kernel/event.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { changedMeanwhile, findGrant, savingGrant } from "./grant.store.ts";
import type { Grant } from "./grant.ts";

type Move = {
  next: Grant;
  data?: Record<string, EventValue>;
  outcome?: EventOutcome;
};

/** What every move names: the grant, and the version that was looked at. */
export const moveTarget = { id: idSchema("grant"), version: z.number().int() };
type Target = { id: Grant["id"]; version: number };

/** An operation by which the system moves a grant on; refused when the grant is no longer the one that was looked at. */
export function grantMove<Schema extends z.ZodType<Target>>(
  name: OperationName,
  input: Schema,
  move: (ctx: Context, grant: Grant, input: z.output<Schema>) => Move,
) {
  return operation({
    name,
    input,
    load: async (ctx: Context, { id }: z.output<Schema>) => {
      const grant = await findGrant(ctx, id);
      if (!grant) throw notFound("grant");
      return { facts: { what: "grant", ownerId: grant.holder.id }, grant };
    },
    decide: (ctx, given, { grant }) => {
      if (grant.version !== given.version) throw changedMeanwhile();
      const { next: bare, data, outcome } = move(ctx, grant, given);
      // Telling of a grant is no sign of its timer.
      const next = name === "grant.alarm" ? bare : seenByTimer(ctx, bare);
      return {
        result: next,
        writes: [savingGrant(ctx, next)],
        event: {
          subjectId: grant.id,
          story: grant.story,
          database: eventDatabase(grant.database),
          ...(outcome ? { outcome } : {}),
          data: { state: next.state, ...data },
        },
      };
    },
  });
}

/** A timer that acts is alive; the sweeper, which may have taken its place, leaves no such sign. */
function seenByTimer({ actor, clock }: Context, grant: Grant): Grant {
  return actor.kind === "system" && actor.name === "workflow"
    ? { ...grant, timerSeenAt: clock.now() }
    : grant;
}
