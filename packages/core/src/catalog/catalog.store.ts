import type { Context } from "../kernel/context.ts";
import type { Id } from "../kernel/ids.ts";
import type { PolicyTarget } from "../policy/question.ts";
import type { DatabaseRef } from "./catalog.view.ts";
import { findDatabase, listDatabaseRecords } from "./database.store.ts";
import { type Database, databaseRef, isOffered, policyTarget } from "./database.ts";
import { findEnvironment, listEnvironments } from "./environment.store.ts";
import type { Environment } from "./environment.ts";
import { listInspections } from "./inspection.store.ts";
import type { Inspection } from "./inspection.ts";
import { findInstance, listInstances } from "./instance.store.ts";
import type { Instance } from "./instance.ts";
import { listNetworks } from "./network.store.ts";
import type { Network } from "./network.ts";

export { findInstance } from "./instance.store.ts";

type Reads = Pick<Context, "table">;

/** Everything that is registered. It grows with servers, not with use. */
export type Catalog = {
  environments: ReadonlyMap<Id<"environment">, Environment>;
  networks: ReadonlyMap<Id<"network">, Network>;
  instances: ReadonlyMap<Id<"instance">, Instance>;
  inspections: ReadonlyMap<Id<"instance">, Inspection>;
  /** With their instance and environment; those of a deleted instance are not there. */
  databases: ReadonlyMap<Id<"database">, Target>;
};

/** A database with what is above it. `offered` is false when it is gone or outside the instance's patterns:
 * it may not be asked for, whatever a policy says. */
export type Target = {
  database: Database;
  instance: Instance;
  environment: Environment;
  ref: DatabaseRef;
  offered: boolean;
};

/** One strongly consistent query for each kind, all at once. */
export async function loadCatalog(ctx: Reads): Promise<Catalog> {
  const [environments, networks, instances, inspections, databases] = await Promise.all([
    listEnvironments(ctx),
    listNetworks(ctx),
    listInstances(ctx),
    listInspections(ctx),
    listDatabaseRecords(ctx),
  ]);
  const environmentById = byId(environments);
  const instanceById = byId(instances);
  const targets = databases.flatMap((database) => {
    const instance = instanceById.get(database.instanceId);
    const environment = instance && environmentById.get(instance.environmentId);
    return environment ? [targetFrom(database, instance, environment)] : [];
  });
  return {
    environments: environmentById,
    networks: byId(networks),
    instances: instanceById,
    inspections: new Map(inspections.map((inspection) => [inspection.instanceId, inspection])),
    databases: new Map(targets.map((target) => [target.database.id, target])),
  };
}

/** One database with what is above it, strongly consistent; undefined when any of it is missing. */
export async function loadTarget(ctx: Reads, id: Id<"database">): Promise<Target | undefined> {
  const database = await findDatabase(ctx, id);
  const instance = database && (await findInstance(ctx, database.instanceId));
  const environment = instance && (await findEnvironment(ctx, instance.environmentId));
  return environment ? targetFrom(database, instance, environment) : undefined;
}

export function policyTargetOf({ database, instance, environment }: Target): PolicyTarget {
  return policyTarget(database, instance, environment);
}

function targetFrom(database: Database, instance: Instance, environment: Environment): Target {
  const ref = databaseRef(database, instance, environment);
  return { database, instance, environment, ref, offered: isOffered(database, instance) };
}

function byId<Record extends { id: string }>(records: readonly Record[]): Map<Record["id"], Record> {
  return new Map(records.map((record) => [record.id, record]));
}
