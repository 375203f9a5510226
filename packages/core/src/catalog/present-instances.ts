import type { Context } from "../kernel/context.ts";
import type { Id } from "../kernel/ids.ts";
import type { Catalog, Target } from "./catalog.store.ts";
import type { InstanceView } from "./catalog.view.ts";
import { connectionSettingsOf, lendableConnections } from "./connection-room.ts";
import { isOffered } from "./database.ts";
import { viewOfEnvironment } from "./environment.ts";
import { findChecks } from "./inspection.store.ts";
import { type Inspection, viewOfInspection } from "./inspection.ts";
import type { Instance } from "./instance.ts";
import { countLiveGrantsOf, sumOf } from "./live-grants.ts";
import { viewOfNetwork } from "./network.ts";

/** Instances with what is around them: environment, network, last inspection and counts. Those whose environment or
 * network went in this very moment are left out. */
export async function presentInstances(
  ctx: Pick<Context, "table" | "clock">,
  catalog: Catalog,
  instances: readonly Instance[],
): Promise<InstanceView[]> {
  const grouped = Map.groupBy(catalog.databases.values(), (target) => target.instance.id);
  const databasesOf = (id: Id<"instance">) => grouped.get(id) ?? [];
  const ids = (targets: readonly Target[]) => targets.map((target) => target.database.id);
  const [checks, counts] = await Promise.all([
    findChecks(
      ctx,
      instances.map((instance) => instance.id),
    ),
    countLiveGrantsOf(ctx, ids(instances.flatMap((instance) => databasesOf(instance.id)))),
  ]);
  return instances.flatMap((instance) => {
    const environment = catalog.environments.get(instance.environmentId);
    const network = catalog.networks.get(instance.networkId);
    if (!environment || !network) return [];
    const databases = databasesOf(instance.id);
    const inspection = catalog.inspections.get(instance.id);
    return [
      {
        id: instance.id,
        name: instance.name,
        engine: instance.engine,
        environment: viewOfEnvironment(environment),
        network: viewOfNetwork(network),
        secretName: instance.secretName,
        host: instance.host ?? null,
        port: instance.port ?? null,
        databasePatterns: [...instance.databasePatterns],
        labels: { ...instance.labels },
        tls: instance.tls,
        ...connectionSettingsOf(instance),
        connections: connectionsOf(instance, inspection),
        databaseCount: databases.filter(({ database }) => isOffered(database, instance)).length,
        liveGrantCount: sumOf(counts, ids(databases)),
        inspection: viewOfInspection(inspection, checks.get(instance.id) ?? [], ctx.clock.now()),
        version: instance.version,
      },
    ];
  });
}

function connectionsOf(instance: Instance, inspection: Inspection | undefined): InstanceView["connections"] {
  const connections = inspection?.connections;
  if (!connections) return null;
  const { connectionShare } = connectionSettingsOf(instance);
  return { ...connections, lendable: lendableConnections(connections, connectionShare) };
}
