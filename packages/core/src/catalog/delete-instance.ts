import { z } from "zod";
import { minutesBetween } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { notFound } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { commitAll } from "../kernel/table.ts";
import { deletingReconciliation } from "../reconciliation/reconciliation.store.ts";
import { deletingDatabase, listDatabaseRecords } from "./database.store.ts";
import type { Database } from "./database.ts";
import { countingInstance } from "./environment.store.ts";
import { deletingInspection } from "./inspection.store.ts";
import { deletingInstance, findInstance, instanceChanged } from "./instance.store.ts";
import { hasGrants } from "./instance-grants.ts";
import { findLastPlan, forgettingPlan, justGranted, planSettlesInMinutes } from "./last-plan.store.ts";
import { countLiveGrantsOf, sumOf } from "./live-grants.ts";
import { releasingName } from "./name.store.ts";
import { dropTables } from "./schema.store.ts";

/** Refused with `instance.has-grants` while any grant on it is not revoked. */
export const deleteInstance = operation({
  name: "instance.delete",
  input: z.strictObject({ id: idSchema("instance"), version: z.coerce.number().int() }),
  load: async (ctx: Context, { id }) => {
    const instance = await findInstance(ctx, id);
    if (!instance) throw notFound("instance");
    const lastPlan = await findLastPlan(ctx, id);
    const all = await listDatabaseRecords(ctx);
    const databases = all.filter((database) => database.instanceId === id);
    const ids = databases.map((database) => database.id);
    const liveGrantCount = sumOf(await countLiveGrantsOf(ctx, ids), ids);
    return { facts: { what: "instance" }, instance, databases, lastPlan, liveGrantCount };
  },
  decide: (ctx, { id, version }, { instance, databases, lastPlan, liveGrantCount }) => {
    if (instance.version !== version) throw instanceChanged();
    if (liveGrantCount > 0) throw hasGrants(liveGrantCount);
    if (lastPlan && minutesBetween(lastPlan, ctx.clock.now()) < planSettlesInMinutes) throw justGranted();
    return {
      result: null,
      writes: [
        deletingInstance(ctx, instance),
        forgettingPlan(ctx, id, lastPlan),
        releasingName(ctx, "instance", instance.name, id),
        countingInstance(ctx, instance.environmentId, -1),
        ...deletingInspection(ctx, id),
        deletingReconciliation(ctx, id),
      ],
      event: { subjectId: id, data: { name: instance.name, databases: databases.map(({ name }) => name) } },
      after: () => dropDatabases(ctx, databases),
    };
  },
});

/** Without their instance they are found nowhere any more: this only tidies up. */
async function dropDatabases(ctx: Context, databases: readonly Database[]): Promise<void> {
  for (const database of databases) {
    await dropTables(ctx, database, undefined);
    await commitAll(ctx, [deletingDatabase(ctx, database.id)]);
  }
}
