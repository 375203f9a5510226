import { z } from "zod";
import { claimingName } from "../catalog/name.store.ts";
import { userRef } from "../identity/user.ts";
import type { Context } from "../kernel/context.ts";
import { conflict } from "../kernel/errors.ts";
import { newId } from "../kernel/ids.ts";
import { insistent } from "../kernel/insistent.ts";
import { operation } from "../kernel/operation.ts";
import { approvalOfPolicy, findStuck } from "./find-stuck.ts";
import { refuseUnknown, unknownUsers } from "./named-users.ts";
import { creatingPolicy, listPolicies, storedPolicy, viewOfPolicy } from "./policy.store.ts";
import { policyDocumentSchema } from "./policy.ts";
import { loadTargetNames, withIds } from "./target-names.ts";

/** Every request reads all policies, so there is an end to them. */
export const policyLimit = 300;

const createOnce = operation({
  name: "policy.create",
  input: z.strictObject({ policy: policyDocumentSchema }),
  load: async (ctx: Context, { policy }) => {
    const [all, unknown, names, stuck] = await Promise.all([
      listPolicies(ctx),
      unknownUsers(ctx, policy),
      loadTargetNames(ctx),
      findStuck(ctx, approvalOfPolicy(policy)),
    ]);
    return { facts: { what: "policy" }, count: all.length, unknown, names, stuck };
  },
  decide: (ctx, { policy: written }, { count, unknown, names, stuck }) => {
    refuseUnknown(unknown);
    if (count >= policyLimit) {
      throw conflict("policy.too-many", `There are ${policyLimit} policies already; delete some first.`);
    }
    const document = withIds(written, names);
    const policy = storedPolicy({
      id: newId("policy", ctx.ids),
      version: 1,
      document,
      updatedAt: ctx.clock.now(),
      updatedBy: ctx.actor.kind === "user" ? userRef(ctx.actor) : null,
    });
    return {
      result: viewOfPolicy(policy, names, stuck),
      writes: [claimingName(ctx, "policy", document.name, policy.id), creatingPolicy(ctx, policy)],
      event: {
        subjectId: policy.id,
        data: { name: document.name, effect: document.effect, after: JSON.stringify(document) },
      },
    };
  },
});

/** Writes a policy; it counts from the next request on. */
export const createPolicy = insistent(createOnce, ["table.busy"]);
