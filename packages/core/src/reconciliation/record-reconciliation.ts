import { z } from "zod";
import { findInstance, instanceStays } from "../catalog/instance.store.ts";
import { findComparisonDue, schedulingComparison } from "../catalog/last-plan.store.ts";
import { epochMs, type Instant, instantSchema, minutesBetween, plusMinutes } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { findReconciliation, reconciliationChanged, savingReconciliation } from "./reconciliation.store.ts";
import { begunReconciliation, differencesAtMost, type Reconciliation } from "./reconciliation.ts";
import { differenceView, reconciliationModeSchema } from "./reconciliation.view.ts";

/** Ledger and accounts are compared this often while something is lent (G5). */
export const reconcileEveryMinutes = 15;
/** A server that was away is tried again sooner. */
export const reconcileAgainMinutes = 5;
/** For so long after the last grant it goes on; then the server is left asleep until something is lent again. */
export const restAfterMinutes = 60;

/** The run, and the record as it was when it began: what another run wrote meanwhile is not written over. */
const run = {
  instanceId: idSchema("instance"),
  run: z.string().min(1).max(64),
  mode: reconciliationModeSchema,
  startedAt: instantSchema,
  version: z.number().int().min(0),
};

/** Records what a comparison of ledger and accounts found, or why it failed, and when the next is due. */
export const recordReconciliation = operation({
  name: "instance.record-reconciliation",
  input: z.discriminatedUnion("outcome", [
    z.strictObject({
      outcome: z.literal("found"),
      ...run,
      accountCount: z.number().int().min(0),
      grantCount: z.number().int().min(0),
      differenceCount: z.number().int().min(0),
      differences: z.array(differenceView).max(differencesAtMost),
    }),
    z.strictObject({ outcome: z.literal("failed"), ...run, error: z.string().min(1).max(1000) }),
  ]),
  load: async (ctx: Context, { instanceId }) => {
    const [instance, before, due] = await Promise.all([
      findInstance(ctx, instanceId),
      findReconciliation(ctx, instanceId),
      findComparisonDue(ctx, instanceId),
    ]);
    if (!instance) throw notFound("instance");
    return { facts: { what: "instance" }, instance, before, due };
  },
  decide: (ctx, input, { instance, before, due }) => {
    if ((before?.version ?? 0) !== input.version) throw reconciliationChanged();
    const now = ctx.clock.now();
    const { instanceId, mode, startedAt } = input;
    // A run that a person began is on record already; the sweeper's own begins and ends with this.
    const begun =
      before?.run === input.run
        ? before
        : begunReconciliation(before, { instanceId, run: input.run, mode, startedAt });
    const { error: _past, ...rest } = begun;
    const common = { ...rest, finishedAt: now, version: input.version + 1 };
    const next: Reconciliation =
      input.outcome === "failed"
        ? { ...common, status: "failed", error: input.error }
        : {
            ...common,
            status: "done",
            accountCount: input.accountCount,
            grantCount: input.grantCount,
            differences: input.differences,
            differenceCount: input.differenceCount,
            ...(mode === "repair" ? { repairedAt: now } : {}),
            ...(input.grantCount > 0 ? { lentAt: now } : {}),
          };
    return {
      result: next,
      writes: [
        savingReconciliation(ctx, next),
        instanceStays(ctx, instanceId),
        ...(mode === "repair"
          ? [schedulingComparison(ctx, instanceId, due, nextAt(next, due?.at, now))]
          : []),
      ],
      event: {
        subjectId: instanceId,
        ...(next.status === "failed" ? { outcome: "failed" as const } : {}),
        data: {
          name: instance.name,
          run: input.run,
          mode,
          ...(input.outcome === "failed"
            ? { error: input.error }
            : {
                accounts: input.accountCount,
                grants: input.grantCount,
                differences: input.differenceCount,
                found: input.differences
                  .slice(0, 20)
                  .map((one) => `${one.kind} ${one.account}: ${one.action}`),
              }),
        },
      },
    };
  },
});

/** Undefined when nothing is lent, was lent lately, or is left to be done. */
function nextAt(next: Reconciliation, plannedAt: Instant | undefined, now: Instant): Instant | undefined {
  if (next.status === "failed") return plusMinutes(now, reconcileAgainMinutes);
  const lately = [next.lentAt, plannedAt].some(
    (at) => at !== undefined && epochMs(at) <= epochMs(now) && minutesBetween(at, now) < restAfterMinutes,
  );
  return lately || next.differenceCount > 0 ? plusMinutes(now, reconcileEveryMinutes) : undefined;
}
