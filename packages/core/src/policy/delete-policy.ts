import { z } from "zod";
import { releasingName } from "../catalog/name.store.ts";
import type { Context } from "../kernel/context.ts";
import { notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { deletingPolicy, findPolicy, policyChanged } from "./policy.store.ts";

/** Deletes a policy. What it allowed before goes on: grants end at their end, requests keep their terms. */
export const deletePolicy = operation({
  name: "policy.delete",
  input: z.strictObject({ id: idSchema("policy"), version: z.coerce.number().int() }),
  load: async (ctx: Context, { id }) => {
    const policy = await findPolicy(ctx, id);
    if (!policy) throw notFound("policy");
    return { facts: { what: "policy" }, policy };
  },
  decide: (ctx, { version }, { policy }) => {
    if (policy.version !== version) throw policyChanged();
    const { name, effect } = policy.document;
    return {
      result: null,
      writes: [releasingName(ctx, "policy", name, policy.id), deletingPolicy(ctx, policy)],
      event: {
        subjectId: policy.id,
        data: { name, effect, before: JSON.stringify(policy.document) },
      },
    };
  },
});
