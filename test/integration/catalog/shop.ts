import type { DatabaseView, TableView } from "@daypass/core/catalog/catalog.view.ts";
import { createEnvironment } from "@daypass/core/catalog/create-environment.ts";
import { createInstance } from "@daypass/core/catalog/create-instance.ts";
import { createNetwork } from "@daypass/core/catalog/create-network.ts";
import { inspectInstance } from "@daypass/core/catalog/inspect-instance.ts";
import { findInspection } from "@daypass/core/catalog/inspection.store.ts";
import { listDatabases } from "@daypass/core/catalog/list-databases.ts";
import { recordInspection } from "@daypass/core/catalog/record-inspection.ts";
import { storeTables } from "@daypass/core/catalog/schema.store.ts";
import type { Id } from "@daypass/core/kernel/ids.ts";
import type { World } from "../harness.ts";

export const workflow = { kind: "system", name: "workflow" } as const;

/** One server of a small shop in one environment, registered and not yet inspected. */
export async function registerServer(world: World) {
  const ctx = world.ctx("administrator");
  const environment = await createEnvironment(ctx, { name: "staging", rank: 20, protected: false });
  const network = await createNetwork(ctx, { name: "default" });
  const instance = await createInstance(ctx, {
    name: "shop-staging",
    engine: "postgres",
    environmentId: environment.id,
    networkId: network.id,
    secretName: "daypass/admin/shop-staging",
    labels: { team: "shop" },
    tls: "disable",
  });
  return { environment, network, instance };
}

export const customers: TableView = {
  schema: "public",
  name: "customers",
  kind: "table",
  comment: null,
  rowEstimate: 20_000,
  columns: [
    { name: "id", type: "bigint", nullable: false, primaryKey: true, comment: null },
    { name: "email", type: "text", nullable: true, primaryKey: false, comment: "where to write to" },
  ],
};

/** An inspection that finds these databases, each with one table, and no others of those known before. */
export async function find(
  world: World,
  instanceId: Id<"instance">,
  present: readonly string[],
  vanished: readonly string[] = [],
): Promise<DatabaseView[]> {
  await inspectInstance(world.ctx("administrator"), { id: instanceId });
  const inspection = await findInspection(world, instanceId);
  if (!inspection) throw new Error("no inspection");
  const schemaHashes = await Promise.all(
    present.map((name) => storeTables(world, { instanceId, name }, [customers])),
  );
  await recordInspection(world.ctx(workflow), {
    outcome: "found",
    instanceId,
    run: inspection.run,
    databases: [
      ...present.map((name, index) => ({ name, present: true, schemaHash: schemaHashes[index] ?? "" })),
      ...vanished.map((name) => ({ name, present: false })),
    ],
    finish: { serverVersion: "PostgreSQL 17.1", connections: { max: 100, reserved: 3 }, checks: [] },
  });
  return (await listDatabases(world.ctx("administrator"), {})).items;
}
