import { z } from "zod";
import type { Context } from "../kernel/context.ts";
import { notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { followingRename } from "../policy/follow-rename.ts";
import { listPolicies } from "../policy/policy.store.ts";
import { changedFields } from "./changed-fields.ts";
import { environmentChanged, findEnvironment, savingEnvironment } from "./environment.store.ts";
import { type Environment, environmentFields, viewOfEnvironment } from "./environment.ts";
import { renaming } from "./name.store.ts";

/** A new name, order or protection counts from the next request on; grants that run go on to their end. */
export const changeEnvironment = operation({
  name: "environment.change",
  input: z.strictObject({ id: idSchema("environment"), version: z.number().int(), ...environmentFields }),
  load: async (ctx: Context, { id }) => {
    const [before, policies] = await Promise.all([findEnvironment(ctx, id), listPolicies(ctx)]);
    if (!before) throw notFound("environment");
    return { facts: { what: "environment" }, before, policies };
  },
  decide: (ctx, { id, version, ...fields }, { before, policies }) => {
    if (before.version !== version) throw environmentChanged();
    const next: Environment = { id, ...fields, version: version + 1 };
    const renamed = { kind: "environments", id, from: before.name, to: next.name } as const;
    const followed = followingRename(ctx, policies, renamed);
    return {
      result: viewOfEnvironment(next),
      writes: [
        ...renaming(ctx, "environment", before.name, next.name, id),
        savingEnvironment(ctx, next),
        ...followed.writes,
      ],
      event: {
        subjectId: id,
        data: {
          name: next.name,
          ...changedFields(viewOfEnvironment(before), viewOfEnvironment(next)),
          ...(followed.policies.length > 0 ? { policies: followed.policies } : {}),
        },
      },
    };
  },
});
