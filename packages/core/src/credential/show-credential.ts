import { z } from "zod";
import { eventDatabase } from "../catalog/event-database.ts";
import { findGrant, guardingGrant } from "../grant/grant.store.ts";
import { isRunning } from "../grant/grant.ts";
import { grantFacts } from "../grant/grant-facts.ts";
import { cutOffOf, refuseCutOff } from "../grant/held.ts";
import { conflict, notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import type { CredentialContext } from "./credential.port.ts";
import type { CredentialView } from "./credential.view.ts";

/** Hands the holder the credential of a running grant. No record, no credential: the event is written first. */
export const showCredential = operation({
  name: "grant.show-credential",
  input: z.strictObject({ id: idSchema("grant") }),
  load: async (ctx: CredentialContext, { id }) => {
    const grant = await findGrant(ctx, id);
    if (!grant) throw notFound("grant");
    const [facts, cutOff] = await Promise.all([grantFacts(ctx, grant), cutOffOf(ctx, grant)]);
    return { facts, grant, cutOff };
  },
  decide: async (ctx, _input, { grant, cutOff }) => {
    const now = ctx.clock.now();
    if (!isRunning(grant, now)) {
      throw conflict("grant.not-active", "There is a credential only while the access lasts.", {
        state: grant.state,
      });
    }
    refuseCutOff(cutOff);
    const credential = await ctx.credentials.read(grant);
    const result: CredentialView = { grantId: grant.id, endsAt: grant.endsAt, ...credential };
    return {
      result,
      writes: [guardingGrant(ctx, grant)],
      event: {
        subjectId: grant.id,
        story: grant.story,
        database: eventDatabase(grant.database),
        data: { account: grant.account },
      },
    };
  },
});
