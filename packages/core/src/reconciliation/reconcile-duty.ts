import { listInstances } from "../catalog/instance.store.ts";
import type { Instance } from "../catalog/instance.ts";
import { listDueComparisons } from "../catalog/last-plan.store.ts";
import { type Instant, minutesBetween } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import type { Id } from "../kernel/ids.ts";
import { listReconciliations } from "./reconciliation.store.ts";
import { isRunning, type Reconciliation } from "./reconciliation.ts";
import { reconcileAgainMinutes, reconcileEveryMinutes } from "./record-reconciliation.ts";

/** Of the instances on which something is lent or was lent lately, those whose comparison is due: the longest overdue
 * first, and not more than one sweep can do. An instance at rest is not among them. */
export async function instancesToReconcile(ctx: Context, now: Instant): Promise<Instance[]> {
  const due = new Set<Id<"instance">>(await listDueComparisons(ctx, now));
  if (due.size === 0) return [];
  const [instances, known] = await Promise.all([listInstances(ctx), listReconciliations(ctx)]);
  const lastOf = ({ id }: Instance) => known.get(id)?.repairedAt ?? "";
  return instances
    .filter(({ id }) => due.has(id) && isDue(known.get(id), now))
    .toSorted((one, other) => (lastOf(one) < lastOf(other) ? -1 : 1))
    .slice(0, instancesAtMost);
}

/** A grant that was just planned makes it due at once; so often it is not worth looking. */
function isDue(last: Reconciliation | undefined, now: Instant): boolean {
  if (!last) return true;
  if (isRunning(last, now)) return false;
  if (last.status === "failed" && last.finishedAt) {
    return minutesBetween(last.finishedAt, now) >= reconcileAgainMinutes;
  }
  return last.repairedAt === undefined || minutesBetween(last.repairedAt, now) >= reconcileEveryMinutes;
}

const instancesAtMost = 40;
