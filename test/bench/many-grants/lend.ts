import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { puttingDatabase } from "@daypass/core/catalog/database.store.ts";
import { creatingEnvironment } from "@daypass/core/catalog/environment.store.ts";
import { creatingInstance } from "@daypass/core/catalog/instance.store.ts";
import { creatingNetwork } from "@daypass/core/catalog/network.store.ts";
import type { Grant } from "@daypass/core/grant/grant.ts";
import { systemClock } from "@daypass/core/kernel/clock.ts";
import { newId } from "@daypass/core/kernel/ids.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import { monotonicFactory } from "ulid";
import { ms } from "../figures.ts";
import type { Place } from "../past.ts";
import { plannedGrants } from "./lent.ts";
import { type Machines, stack } from "./machines.ts";
import { say } from "./say.ts";
import type { BenchTarget } from "./target.ts";

export type Network = { id: Grant["networkId"]; name: string; version: number };

/** Grants of one target, with their accounts, and what is seen of it. */
export type Lent = {
  target: BenchTarget;
  place: Place;
  grants: Grant[];
  /** When each account was seen to be gone, in milliseconds since 1970. */
  goneMs: Map<string, number>;
  connections: number[];
};

/** As many grants on each target, planned, with accounts that can log in with this password. */
export async function lend(
  targets: readonly BenchTarget[],
  machines: Machines,
  network: Network,
  { each, password }: { each: number; password: string },
): Promise<Lent[]> {
  const ctx = { table: machines.table, clock: systemClock };
  await commitAll(ctx, [creatingNetwork(ctx, network)]);
  const lent: Lent[] = [];
  for (const target of targets) {
    const startedAt = performance.now();
    const place = await register(machines, network, target);
    const planned = plannedGrants(place, stack, machines.holder, each);
    const made = await target.makeAccounts(planned, password);
    const server = { host: target.secret.host, port: target.secret.port, identity: target.identity };
    const grants = planned.map((grant) => ({ ...grant, ...made.get(grant.account), server }));
    lent.push({ target, place, grants, goneMs: new Map(), connections: [] });
    say(`${each} accounts on ${target.engine} in ${ms(performance.now() - startedAt)}`);
  }
  return lent;
}

async function register(machines: Machines, network: Network, target: BenchTarget): Promise<Place> {
  const ulid = monotonicFactory();
  const ids = { ulid: () => ulid() };
  const ctx = { table: machines.table, clock: systemClock };
  const name = `many-${target.engine}`;
  const environment = { id: newId("environment", ids), name, rank: 30, protected: true, version: 1 };
  const secretName = `daypass/admin/${name}`;
  const instance = {
    id: newId("instance", ids),
    name,
    engine: target.engine,
    environmentId: environment.id,
    networkId: network.id,
    secretName,
    databasePatterns: [],
    labels: {},
    tls: "disable" as const,
    version: 1,
  };
  const database = {
    id: newId("database", ids),
    instanceId: instance.id,
    name: target.database,
    present: true,
  };
  await commitAll(ctx, [
    creatingEnvironment(ctx, environment),
    creatingInstance(ctx, instance),
    puttingDatabase(ctx, database),
  ]);
  const SecretString = JSON.stringify(target.secret);
  await machines.secrets.send(new CreateSecretCommand({ Name: secretName, SecretString }));
  return {
    networkId: network.id,
    database: {
      id: database.id,
      name: database.name,
      engine: target.engine,
      instance: { id: instance.id, name },
      environment: { id: environment.id, name, protected: true },
    },
  };
}
