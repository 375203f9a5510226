import { z } from "zod";
import { eventDatabase } from "../catalog/event-database.ts";
import { findGrant, guardingGrant } from "../grant/grant.store.ts";
import { isRunning } from "../grant/grant.ts";
import { grantFacts } from "../grant/grant-facts.ts";
import { cutOffOf, refuseCutOff } from "../grant/held.ts";
import { conflict, notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import type { AccessTestContext } from "./access-test.port.ts";

/** Lets the holder of a running grant see whether its account can log in, from inside the network where people may
 * not be. Says which server answered and how fast, or in a sentence why not; no password leaves the runner. */
export const testAccess = operation({
  name: "grant.test",
  input: z.strictObject({ id: idSchema("grant") }),
  load: async (ctx: AccessTestContext, { id }) => {
    const grant = await findGrant(ctx, id);
    if (!grant) throw notFound("grant");
    const [facts, cutOff] = await Promise.all([grantFacts(ctx, grant), cutOffOf(ctx, grant)]);
    return { facts, grant, cutOff };
  },
  decide: async (ctx, _input, { grant, cutOff }) => {
    if (!isRunning(grant, ctx.clock.now())) {
      throw conflict("grant.not-active", "A connection can be tested only while the access lasts.", {
        state: grant.state,
      });
    }
    refuseCutOff(cutOff);
    const result = await ctx.runners.testAccess(grant);
    return {
      result,
      writes: [guardingGrant(ctx, grant)],
      event: {
        subjectId: grant.id,
        story: grant.story,
        database: eventDatabase(grant.database),
        outcome: result.ok ? "done" : "failed",
        data: {
          account: grant.account,
          ...(result.ok
            ? { serverVersion: result.serverVersion, latencyMs: result.latencyMs }
            : { reason: result.reason }),
        },
      },
    };
  },
});
