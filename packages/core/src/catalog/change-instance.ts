import { z } from "zod";
import type { Context } from "../kernel/context.ts";
import { conflict, notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { followingRename } from "../policy/follow-rename.ts";
import { listPolicies } from "../policy/policy.store.ts";
import { refuseGrantSecret } from "./administrator-secret.ts";
import { loadCatalog } from "./catalog.store.ts";
import { changedFields } from "./changed-fields.ts";
import { withInstance } from "./create-instance.ts";
import { countingInstance } from "./environment.store.ts";
import { instanceChanged, savingInstance } from "./instance.store.ts";
import { type Instance, instanceFields } from "./instance.ts";
import { hasGrants } from "./instance-grants.ts";
import { renaming } from "./name.store.ts";
import { refuseUnknownPlace } from "./place.ts";
import { presentInstances } from "./present-instances.ts";

/** Changes how a server is reached and offered. Its engine and network stay while grants live: they are needed to
 * take the accounts back. */
export const changeInstance = operation({
  name: "instance.change",
  input: z.strictObject({ id: idSchema("instance"), version: z.number().int(), ...instanceFields }),
  load: async (ctx: Context, { id }) => {
    const [catalog, policies] = await Promise.all([loadCatalog(ctx), listPolicies(ctx)]);
    const before = catalog.instances.get(id);
    if (!before) throw notFound("instance");
    return { facts: { what: "instance" }, catalog, before, policies };
  },
  decide: async (ctx, { id, version, ...fields }, { catalog, before, policies }) => {
    if (before.version !== version) throw instanceChanged();
    refuseUnknownPlace(catalog, fields);
    refuseGrantSecret(ctx.settings, fields.secretName);
    const next: Instance = { id, ...fields, version: version + 1 };
    const [result] = await presentInstances(ctx, withInstance(catalog, next), [next]);
    if (!result) throw instanceChanged();
    const isMoved = next.engine !== before.engine || next.networkId !== before.networkId;
    if (isMoved && result.liveGrantCount > 0) throw hasGrants(result.liveGrantCount);
    if (next.engine !== before.engine && result.databaseCount > 0) {
      throw conflict("instance.engine-fixed", "Its databases are known already; register another instance.");
    }
    const places =
      next.environmentId === before.environmentId
        ? []
        : [countingInstance(ctx, before.environmentId, -1), countingInstance(ctx, next.environmentId, 1)];
    const renamed = { kind: "instances", id, from: before.name, to: next.name } as const;
    const followed = followingRename(ctx, policies, renamed);
    return {
      result,
      writes: [
        ...renaming(ctx, "instance", before.name, next.name, id),
        savingInstance(ctx, next),
        ...places,
        ...followed.writes,
      ],
      event: {
        subjectId: id,
        data: {
          name: next.name,
          ...changedFields(before, next),
          ...(followed.policies.length > 0 ? { policies: followed.policies } : {}),
        },
      },
    };
  },
});
