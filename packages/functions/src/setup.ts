import { loadCatalog } from "@daypass/core/catalog/catalog.store.ts";
import { createEnvironment } from "@daypass/core/catalog/create-environment.ts";
import { createInstance } from "@daypass/core/catalog/create-instance.ts";
import { createNetwork } from "@daypass/core/catalog/create-network.ts";
import { inspectInstance } from "@daypass/core/catalog/inspect-instance.ts";
import type { InspectionContext } from "@daypass/core/catalog/inspection.port.ts";
import type { SystemActor } from "@daypass/core/kernel/context.ts";
import { createPolicy } from "@daypass/core/policy/create-policy.ts";
import { listPolicies } from "@daypass/core/policy/policy.store.ts";
import type { PolicyDocumentInput } from "@daypass/core/policy/policy.ts";

/** What an installation begins with; things name each other by name. */
export type Installation = {
  environments: readonly Parameters<typeof createEnvironment>[1][];
  networks: readonly { name: string }[];
  instances: readonly (Omit<Parameters<typeof createInstance>[1], "environmentId" | "networkId"> & {
    environment: string;
    network: string;
  })[];
  policies: readonly PolicyDocumentInput[];
};

export type SetupContext = InspectionContext & { actor: SystemActor & { name: "setup" } };

/** Makes what is missing, through the operations alone, and begins to inspect the instances that it registered. What
 * has the name of something that is there is left as people have changed it since. */
export async function setUp(ctx: SetupContext, installation: Installation): Promise<void> {
  const catalog = await loadCatalog(ctx);
  const environments = namesOf(catalog.environments.values());
  for (const environment of installation.environments) {
    if (environments.has(environment.name)) continue;
    environments.set(environment.name, (await createEnvironment(ctx, environment)).id);
  }
  const networks = namesOf(catalog.networks.values());
  for (const network of installation.networks) {
    if (networks.has(network.name)) continue;
    networks.set(network.name, (await createNetwork(ctx, network)).id);
  }
  const instances = namesOf(catalog.instances.values());
  for (const { environment, network, ...instance } of installation.instances) {
    const known = instances.get(instance.name);
    if (known && catalog.inspections.has(known)) continue;
    const environmentId = idOf(environments, environment, "environment");
    const networkId = idOf(networks, network, "network");
    const id = known ?? (await createInstance(ctx, { ...instance, environmentId, networkId })).id;
    await inspectInstance(ctx, { id });
  }
  const policies = new Set((await listPolicies(ctx)).map(({ document }) => document.name));
  for (const policy of installation.policies) {
    if (!policies.has(policy.name)) await createPolicy(ctx, { policy });
  }
}

function namesOf<Record extends { id: string; name: string }>(records: Iterable<Record>) {
  return new Map<string, Record["id"]>([...records].map(({ id, name }) => [name, id]));
}

function idOf<Id extends string>(ids: ReadonlyMap<string, Id>, name: string, what: string): Id {
  const id = ids.get(name);
  if (!id) throw new Error(`The installation names the ${what} "${name}" and does not make it.`);
  return id;
}
