import { z } from "zod";
import { findUser } from "../identity/user.store.ts";
import { policyUser } from "../identity/user.ts";
import type { Context } from "../kernel/context.ts";
import { notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { explainFields, explanationFor, loadPolicyWorld } from "./explain-policy.ts";

/** Why may they (not)? For administrators and auditors. */
export const explainPolicyForOther = operation({
  name: "policy.explain-other",
  input: z.strictObject({ userId: idSchema("user"), ...explainFields }),
  load: async (ctx: Context, { userId, databaseId }) => {
    const [user, world] = await Promise.all([findUser(ctx, userId), loadPolicyWorld(ctx, databaseId)]);
    return { facts: { what: "user" }, user, ...world };
  },
  decide: async (ctx, question, { user, target, policies }) => {
    if (!user) throw notFound("user");
    return { result: await explanationFor(ctx, question, policyUser(user), target, policies) };
  },
});
