import { z } from "zod";
import { changedFields } from "../catalog/changed-fields.ts";
import { renaming } from "../catalog/name.store.ts";
import { userRef } from "../identity/user.ts";
import type { Context } from "../kernel/context.ts";
import { notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { insistent } from "../kernel/insistent.ts";
import { operation } from "../kernel/operation.ts";
import { approvalOfPolicy, findStuck } from "./find-stuck.ts";
import { refuseUnknown, unknownUsers } from "./named-users.ts";
import { findPolicy, policyChanged, savingPolicy, storedPolicy, viewOfPolicy } from "./policy.store.ts";
import { policyDocumentSchema } from "./policy.ts";
import { loadTargetNames, withIds } from "./target-names.ts";

const changeOnce = operation({
  name: "policy.change",
  input: z.strictObject({
    id: idSchema("policy"),
    version: z.number().int(),
    policy: policyDocumentSchema,
  }),
  load: async (ctx: Context, { id, policy }) => {
    const [before, unknown, names, stuck] = await Promise.all([
      findPolicy(ctx, id),
      unknownUsers(ctx, policy),
      loadTargetNames(ctx),
      findStuck(ctx, approvalOfPolicy(policy)),
    ]);
    if (!before) throw notFound("policy");
    return { facts: { what: "policy" }, before, unknown, names, stuck };
  },
  decide: (ctx, { version, policy: written }, { before, unknown, names, stuck }) => {
    if (before.version !== version) throw policyChanged();
    refuseUnknown(unknown);
    const document = withIds(written, names);
    const next = storedPolicy({
      ...before,
      version: version + 1,
      document,
      updatedAt: ctx.clock.now(),
      updatedBy: ctx.actor.kind === "user" ? userRef(ctx.actor) : null,
    });
    return {
      result: viewOfPolicy(next, names, stuck),
      writes: [
        ...renaming(ctx, "policy", before.document.name, document.name, before.id),
        savingPolicy(ctx, next),
      ],
      event: {
        subjectId: before.id,
        data: { name: document.name, ...changedFields(before.document, document) },
      },
    };
  },
});

/** Replaces a policy's document. Requests that were filed keep the terms under which they were filed. */
export const changePolicy = insistent(changeOnce, ["table.busy"]);
