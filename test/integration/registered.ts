import { puttingDatabase } from "@daypass/core/catalog/database.store.ts";
import type { Database } from "@daypass/core/catalog/database.ts";
import { creatingEnvironment } from "@daypass/core/catalog/environment.store.ts";
import type { Environment } from "@daypass/core/catalog/environment.ts";
import { creatingInstance } from "@daypass/core/catalog/instance.store.ts";
import type { Instance } from "@daypass/core/catalog/instance.ts";
import { creatingNetwork } from "@daypass/core/catalog/network.store.ts";
import type { Clock } from "@daypass/core/kernel/clock.ts";
import type { Context } from "@daypass/core/kernel/context.ts";
import { newId } from "@daypass/core/kernel/ids.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import { creatingPolicy } from "@daypass/core/policy/policy.store.ts";
import { type PolicyDocumentInput, policyDocumentSchema } from "@daypass/core/policy/policy.ts";
import type { World } from "./harness.ts";

export type Registered = { environment: Environment; instance: Instance; database: Database };

const postgresShop = { engine: "postgres", database: "shop" } as const;

/** A production database with the policies of a small team: leads approve reading (4 h, 8 h in all) and writing
 * (1 h, two steps); analysts get nothing; engineers break glass. */
export async function register(
  world: Pick<World<Clock>, "ids" | "clock"> & Pick<Context, "table">,
  policies: PolicyDocumentInput[] = teamPolicies,
  { engine, database: name }: { engine: Instance["engine"]; database: string } = postgresShop,
): Promise<Registered> {
  const network = { id: newId("network", world.ids), name: "default", version: 1 };
  const environment = {
    id: newId("environment", world.ids),
    name: "production",
    rank: 30,
    protected: true,
    version: 1,
  };
  const instance: Instance = {
    id: newId("instance", world.ids),
    name: "shop-production",
    engine,
    environmentId: environment.id,
    networkId: network.id,
    secretName: "daypass/admin/shop-production",
    databasePatterns: [],
    labels: { team: "shop" },
    tls: "disable",
    // Room for as much as any test lends; what bounds it has tests of its own.
    connectionsPerAccount: 10,
    connectionShare: 90,
    accountsPerPerson: 50,
    version: 1,
  };
  const database: Database = {
    id: newId("database", world.ids),
    instanceId: instance.id,
    name,
    present: true,
  };
  await commitAll(world, [
    creatingNetwork(world, network),
    creatingEnvironment(world, environment),
    creatingInstance(world, instance),
    puttingDatabase(world, database),
  ]);
  for (const document of policies) {
    const policy = {
      id: newId("policy", world.ids),
      version: 1,
      document: policyDocumentSchema.parse(document),
      updatedAt: world.clock.now(),
      updatedBy: null,
    };
    await commitAll(world, [creatingPolicy(world, policy)]);
  }
  return { environment, instance, database };
}

export const teamPolicies: PolicyDocumentInput[] = [
  {
    name: "Engineers read production",
    effect: "allow",
    who: { groups: ["engineers"] },
    may: { levels: ["read"], breakGlass: { maxDurationMinutes: 30 } },
    on: { environments: ["production"] },
    for: { maxDurationMinutes: 240, maxTotalMinutes: 480 },
    approval: [{ name: "Team lead", count: 1, groups: ["leads", "administrators"] }],
  },
  {
    name: "Engineers write production",
    effect: "allow",
    who: { groups: ["engineers"] },
    may: { levels: ["write"] },
    on: { environments: ["production"] },
    for: { maxDurationMinutes: 60 },
    approval: [
      { name: "Team lead", count: 1, groups: ["leads"] },
      { name: "Operations", count: 1, groups: ["administrators"] },
    ],
  },
  {
    name: "Auditors read at once",
    effect: "allow",
    who: { groups: ["auditors"] },
    may: { levels: ["read"] },
    on: { environments: ["production"] },
    for: { maxDurationMinutes: 60, maxTotalMinutes: 120 },
    approval: [],
  },
];
