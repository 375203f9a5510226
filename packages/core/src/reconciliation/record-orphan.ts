import { z } from "zod";
import { findInstance } from "../catalog/instance.store.ts";
import { plusMinutes } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { creatingOrphan, deletingOrphan, findOrphan, type Orphan, orphanChanged } from "./orphan.store.ts";

/** Long enough to notice that a table was set back, and to restore the right one. */
export const orphanGraceMinutes = 1440;

/** Announces that an account which no grant knows is quarantined now and dropped after a grace period; or says how
 * that ended: dropped and seen absent, gone by itself, or known to the ledger again. */
export const recordOrphan = operation({
  name: "instance.record-orphan",
  input: z.strictObject({
    outcome: z.enum(["found", "dropped", "gone", "known"]),
    instanceId: idSchema("instance"),
    account: z.string().min(1).max(63),
    grantId: idSchema("grant"),
    /** Found together with so many others, and told by mail with one of them. */
    others: z.number().int().min(0).default(0),
    quiet: z.boolean().default(false),
  }),
  load: async (ctx: Context, { instanceId, account }) => {
    const [instance, orphan] = await Promise.all([
      findInstance(ctx, instanceId),
      findOrphan(ctx, instanceId, account),
    ]);
    if (!instance) throw notFound("instance");
    return { facts: { what: "instance" }, instance, orphan };
  },
  decide: (ctx, { outcome, instanceId, account, grantId, others, quiet }, { instance, orphan }) => {
    const foundAt = ctx.clock.now();
    if ((outcome === "found") !== (orphan === undefined)) throw orphanChanged();
    const subject: Orphan = orphan ?? {
      instanceId,
      account,
      grantId,
      foundAt,
      dropAfter: plusMinutes(foundAt, orphanGraceMinutes),
    };
    if (outcome === "found") ctx.log.error("alarm", { cause: "unknown", instanceId, account });
    return {
      result: subject,
      writes: [outcome === "found" ? creatingOrphan(ctx, subject) : deletingOrphan(ctx, subject)],
      event: {
        subjectId: instanceId,
        ...(outcome === "found" ? { outcome: "failed" as const } : {}),
        data: {
          name: instance.name,
          account,
          grantId,
          what: outcome,
          dropAfter: subject.dropAfter,
          others,
          quiet,
        },
      },
    };
  },
});
