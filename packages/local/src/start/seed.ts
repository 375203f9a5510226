import { createNetwork } from "@daypass/core/catalog/create-network.ts";
import { listNetworks } from "@daypass/core/catalog/network.store.ts";
import type { Id } from "@daypass/core/kernel/ids.ts";
import { setUp } from "@daypass/functions/setup.ts";
import { sampleInstances } from "../target/postgres/target.ts";
import { samplePolicies } from "./sample-policies.ts";
import { seedPeople } from "./seed-people.ts";
import type { SetupContext } from "./setup-context.ts";

/** The network that every sample instance is in; made at the first start. */
export async function seedNetwork(ctx: SetupContext): Promise<{ id: Id<"network">; name: string }> {
  const known = (await listNetworks(ctx)).find(({ name }) => name === networkName);
  return known ?? (await createNetwork(ctx, { name: networkName }));
}

export const networkName = "default";

export const sampleEnvironments = [
  { name: "staging", rank: 20, protected: false },
  { name: "production", rank: 30, protected: true },
];

/**
 * Fills an empty installation by the application's own operations. A seed that was killed goes on where it stopped;
 * one that is done is never repeated, so that people may change and delete what it made.
 */
export async function seed(ctx: SetupContext, given: { issuer: string }): Promise<void> {
  await seedPeople(ctx, given.issuer);
  await setUp(ctx, {
    environments: sampleEnvironments,
    networks: [],
    instances: sampleInstances.map(({ name, environment, databases }) => ({
      name,
      engine: "postgres",
      environment,
      network: networkName,
      secretName: `daypass/admin/${name}`,
      databasePatterns: [...databases],
      labels: { team: "shop" },
      // The sample server is on this machine, and speaks without TLS.
      tls: "disable",
    })),
    policies: samplePolicies,
  });
}
