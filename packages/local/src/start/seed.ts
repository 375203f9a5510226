import { loadCatalog } from "@daypass/core/catalog/catalog.store.ts";
import { createEnvironment } from "@daypass/core/catalog/create-environment.ts";
import { createInstance } from "@daypass/core/catalog/create-instance.ts";
import { createNetwork } from "@daypass/core/catalog/create-network.ts";
import { inspectInstance } from "@daypass/core/catalog/inspect-instance.ts";
import { listNetworks } from "@daypass/core/catalog/network.store.ts";
import type { Id } from "@daypass/core/kernel/ids.ts";
import { createPolicy } from "@daypass/core/policy/create-policy.ts";
import { listPolicies } from "@daypass/core/policy/policy.store.ts";
import { sampleInstances } from "../target/target.ts";
import { samplePolicies } from "./sample-policies.ts";

import { seedPeople } from "./seed-people.ts";
import type { SetupContext } from "./setup-context.ts";

/** The network that every sample instance is in; made at the first start. */
export async function seedNetwork(ctx: SetupContext): Promise<{ id: Id<"network">; name: string }> {
  const known = (await listNetworks(ctx)).find(({ name }) => name === networkName);
  return known ?? (await createNetwork(ctx, { name: networkName }));
}

const networkName = "default";

/**
 * Fills an empty installation by the application's own operations. A seed that was killed goes on where it stopped;
 * one that is done is never repeated, so that people may change and delete what it made.
 */
export async function seed(
  ctx: SetupContext,
  given: { networkId: Id<"network">; issuer: string },
): Promise<void> {
  await seedPeople(ctx, given.issuer);
  await seedCatalog(ctx, given.networkId);
  const policies = new Set((await listPolicies(ctx)).map(({ document }) => document.name));
  for (const policy of samplePolicies) if (!policies.has(policy.name)) await createPolicy(ctx, { policy });
}

async function seedCatalog(ctx: SetupContext, networkId: Id<"network">): Promise<void> {
  const before = await loadCatalog(ctx);
  const environmentIds = new Map([...before.environments.values()].map(({ name, id }) => [name, id]));
  for (const environment of sampleEnvironments) {
    if (environmentIds.has(environment.name)) continue;
    environmentIds.set(environment.name, (await createEnvironment(ctx, environment)).id);
  }

  const instances = new Set([...before.instances.values()].map(({ name }) => name));
  for (const { name, databases } of sampleInstances) {
    const environmentId = environmentIds.get(environmentOf[name]);
    if (instances.has(name) || !environmentId) continue;
    const instance = await createInstance(ctx, {
      name,
      engine: "postgres",
      environmentId,
      networkId,
      secretName: `daypass/admin/${name}`,
      databasePatterns: [...databases],
      labels: { team: "shop" },
      // The sample server is on this machine, and speaks without TLS.
      tls: "disable",
    });
    // The broker looks at it in its own time; the page shows how far it is.
    await inspectInstance(ctx, { id: instance.id });
  }
}

const sampleEnvironments = [
  { name: "staging", rank: 20, protected: false },
  { name: "production", rank: 30, protected: true },
] as const;

const environmentOf = {
  "shop-production": "production",
  "shop-staging": "staging",
} as const satisfies Record<
  (typeof sampleInstances)[number]["name"],
  (typeof sampleEnvironments)[number]["name"]
>;
