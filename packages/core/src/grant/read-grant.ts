import { z } from "zod";
import type { Context } from "../kernel/context.ts";
import { notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { findGrant } from "./grant.store.ts";
import { grantFacts } from "./grant-facts.ts";
import { presentGrant } from "./present-grant.ts";

export const readGrant = operation({
  name: "grant.read",
  input: z.strictObject({ id: idSchema("grant") }),
  load: async (ctx: Context, { id }) => {
    const grant = await findGrant(ctx, id);
    if (!grant) throw notFound("grant");
    return { facts: await grantFacts(ctx, grant), grant };
  },
  decide: (ctx, _input, { grant }) => ({ result: presentGrant(ctx, grant) }),
});
