import { setTimeout as sleep } from "node:timers/promises";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { puttingDatabase } from "@daypass/core/catalog/database.store.ts";
import { creatingEnvironment } from "@daypass/core/catalog/environment.store.ts";
import { creatingInstance } from "@daypass/core/catalog/instance.store.ts";
import { creatingNetwork } from "@daypass/core/catalog/network.store.ts";
import { findGrants } from "@daypass/core/grant/grant.store.ts";
import type { Grant } from "@daypass/core/grant/grant.ts";
import { epochMs, systemClock } from "@daypass/core/kernel/clock.ts";
import { newId } from "@daypass/core/kernel/ids.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import { monotonicFactory } from "ulid";
import { newPassword } from "../engines/postgres-world.ts";
import { defineBenchmark } from "./benchmark.ts";
import { most, ms, p50, p95, p99, times } from "./figures.ts";
import { activeGrant, atOnce, endOfIndex, plannedGrants, putGrants } from "./mass-expiry/lent.ts";
import { type Machines, stack, startMachines } from "./mass-expiry/machines.ts";
import { processorSeconds } from "./mass-expiry/processor-time.ts";
import type { BenchTarget } from "./mass-expiry/target.ts";
import { startMariadbTarget } from "./mass-expiry/target-mariadb.ts";
import { startPostgresTarget } from "./mass-expiry/target-postgres.ts";
import type { Place } from "./past.ts";
import { printTable } from "./table.ts";

/** What must hold. */
const withinMs = 10 * 60_000;
const connectionsPerInstance = 8;
const apiFactor = 2;

const probes = 20;

export const benchmark = defineBenchmark({
  sentence:
    "ten thousand grants that end within one minute: how late each is gone, connections, and what people at the page feel",
  counts: { grants: 10_000, timers: 10_000, seconds: 60, idle: 20 },
  async run({ grants, timers, seconds, idle }) {
    const targets: BenchTarget[] = [];
    try {
      targets.push(await startPostgresTarget(stack), await startMariadbTarget(stack));
      const ids = monotonicFactory();
      const network = { id: newId("network", { ulid: () => ids() }), name: "default", version: 1 };
      const machines = await startMachines(network);
      try {
        await measure(targets, machines, network, {
          grants,
          timers: Math.min(grants, timers),
          spreadMs: seconds * 1000,
          idleMs: idle * 1000,
        });
      } finally {
        await machines.close();
      }
    } finally {
      await Promise.all(targets.map((target) => target.close()));
    }
  },
});

/** `spreadMs`: from the first end to the last. */
type Surge = { grants: number; timers: number; spreadMs: number; idleMs: number };

/** Grants of one target, with their accounts, and what is seen of it. */
type Lent = {
  target: BenchTarget;
  grants: Grant[];
  droppedMs: Map<string, number>;
  lastLoginMs: number[];
  connections: number[];
};

async function measure(
  targets: readonly BenchTarget[],
  machines: Machines,
  network: { id: Grant["networkId"]; name: string; version: number },
  { grants: count, timers, spreadMs, idleMs }: Surge,
): Promise<void> {
  const password = newPassword();
  const lent: Lent[] = [];
  const ctx = { table: machines.table, clock: systemClock };
  await commitAll(ctx, [creatingNetwork(ctx, network)]);
  for (const target of targets) {
    const share = Math.floor(count / targets.length);
    const startedAt = performance.now();
    const place = await register(machines, network, target);
    const planned = plannedGrants(place, stack, machines.holder, share);
    const made = await target.makeAccounts(planned, password);
    const server = { host: target.secret.host, port: target.secret.port, identity: target.identity };
    const grants = planned.map((grant) => ({ ...grant, ...made.get(grant.account), server }));
    lent.push({ target, grants, droppedMs: new Map(), lastLoginMs: [], connections: [] });
    say(`${share} accounts on ${target.engine} in ${ms(performance.now() - startedAt)}`);
  }
  const idle = await withPeople(machines, () => sleep(idleMs));
  const firstEndMs = await arm(machines, lent, count, timers, spreadMs);
  await sleep(firstEndMs - Date.now());
  const spent = () => ({
    ...machines.processorSeconds(),
    ...Object.fromEntries(targets.map(({ engine, pid }) => [engine, processorSeconds(pid)])),
  });
  const before = spent();
  let over = false;
  const meanwhile = await withPeople(machines, async () => {
    const gone = untilGone(lent, firstEndMs, spreadMs).finally(() => {
      over = true;
    });
    const watching = lent.map((one) => watch(one, () => over));
    await Promise.all([gone, ...watching, ...lent.map((one) => probe(one, password))]);
  });
  const work = Object.entries(spent()).map(
    ([name, seconds]) => `${name} ${((1000 * (seconds - (before[name] ?? 0))) / count).toFixed(1)} ms`,
  );
  const after = await withPeople(machines, () => sleep(idleMs));
  const broken = await report(machines, lent, [...idle, ...after], meanwhile);
  console.log(`  processor time for each grant: ${work.join(" · ")}\n`);
  if (broken.length > 0) throw new Error(`bounds broken: ${broken.join("; ")}`);
}

async function register(
  machines: Machines,
  network: { id: Grant["networkId"]; name: string; version: number },
  target: BenchTarget,
): Promise<Place> {
  const ulid = monotonicFactory();
  const ids = { ulid: () => ulid() };
  const ctx = { table: machines.table, clock: systemClock };
  const name = `mass-${target.engine}`;
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

/** Secrets, ends, rows and timers of all grants; says when the first of them ends. */
async function arm(
  machines: Machines,
  lent: readonly Lent[],
  count: number,
  timers: number,
  spreadMs: number,
): Promise<number> {
  const all = lent.flatMap(({ grants }) => grants);
  await atOnce(16, all, async ({ secretName, account }) => {
    const SecretString = JSON.stringify({ username: account, password: "known to nobody" });
    await machines.secrets.send(new CreateSecretCommand({ Name: secretName, SecretString }));
  });
  say(`${count} secrets`);
  const firstEndMs = Math.ceil(Date.now() / 1000) * 1000 + 8_000 + count * 6 + timers * 14;
  for (const one of lent) {
    const active = one.grants.map((grant, index) =>
      activeGrant(grant, endOfIndex(firstEndMs, index, one.grants.length, spreadMs), {}),
    );
    one.grants.splice(0, one.grants.length, ...active);
    await one.target.setEnds(
      new Map(active.map(({ account, endsAt }) => [account, epochMs(endsAt ?? firstOf())])),
    );
    await putGrants(machines, active);
  }
  say(`${count} rows`);
  await atOnce(
    8,
    // Evenly over both servers and the minute.
    lent.flatMap(({ grants }) =>
      grants.filter(
        (_, index) => Math.floor((index * timers) / count) !== Math.floor(((index - 1) * timers) / count),
      ),
    ),
    async ({ id }) => {
      await machines.workflows.send(
        new StartExecutionCommand({
          stateMachineArn: machines.stateMachineArn,
          name: id,
          input: JSON.stringify({ grantId: id }),
        }),
      );
    },
  );
  const left = firstEndMs - Date.now();
  say(`${timers} timers, ${ms(left)} before the first end`);
  if (left < 3000)
    throw new Error("the machine is too slow: the first end came before all timers were armed");
  return firstEndMs;
}

function firstOf(): never {
  throw new Error("a grant without its end");
}

async function withPeople(machines: Machines, work: () => Promise<unknown>): Promise<number[]> {
  await machines.api.ask("begin");
  await work();
  return machines.api.ask<number[]>("end");
}

/** Counts the administrator's sessions many times a second, and sees which accounts are gone once a second. */
async function watch(lent: Lent, isOver: () => boolean): Promise<void> {
  const { target, grants, connections, droppedMs } = lent;
  let next = 0;
  while (!isOver() || droppedMs.size < grants.length) {
    connections.push(await target.connections());
    if (Date.now() >= next) {
      const left = await target.left();
      const now = Date.now();
      for (const { account, endsAt } of grants) {
        if (!left.has(account) && !droppedMs.has(account))
          droppedMs.set(account, now - Date.parse(endsAt ?? ""));
      }
      next = Date.now() + 1000;
    }
    if (isOver() && (await target.left()).size > 0) return;
    await sleep(50);
  }
}

/** Some accounts, spread over the minute, try to log in from just before their end until they are refused. */
async function probe({ target, grants, lastLoginMs }: Lent, password: string): Promise<void> {
  const every = Math.max(1, Math.floor(grants.length / probes));
  const chosen = grants.filter((_, index) => index % every === every - 1).slice(0, probes);
  await Promise.all(
    chosen.map(async ({ account, endsAt }) => {
      const endMs = Date.parse(endsAt ?? "");
      await sleep(Math.max(0, endMs - 1500 - Date.now()));
      let lastMs = Number.NaN;
      for (;;) {
        const triedMs = Date.now() - endMs;
        if (!(await target.tryLogin(account, password))) break;
        lastMs = triedMs;
        await sleep(triedMs > 2000 ? 1000 : 200);
      }
      lastLoginMs.push(lastMs);
    }),
  );
}

/** Until no account is left, or longer than is allowed. */
async function untilGone(lent: readonly Lent[], firstEndMs: number, spreadMs: number): Promise<void> {
  const latestMs = firstEndMs + spreadMs + withinMs + 30_000;
  let said = Date.now();
  for (;;) {
    const left = lent.map(({ grants, droppedMs }) => grants.length - droppedMs.size);
    if (left.every((count) => count === 0)) break;
    if (Date.now() > latestMs) return;
    if (Date.now() - said > 20_000) {
      said = Date.now();
      say(`${ms(said - firstEndMs)} after the first end: ${left.join(" and ")} accounts left`);
    }
    await sleep(250);
  }
  // The ledger says so after the account is gone and its secret deleted.
  await sleep(2000);
}

async function report(
  machines: Machines,
  lent: readonly Lent[],
  idle: readonly number[],
  meanwhile: readonly number[],
): Promise<string[]> {
  const broken: string[] = [];
  for (const { target, grants, droppedMs, lastLoginMs, connections } of lent) {
    const revoked: number[] = [];
    let attempts = 0;
    for (let done = 0; done < grants.length; done += 100) {
      const found = await findGrants(
        machines,
        grants.slice(done, done + 100).map(({ id }) => id),
      );
      for (const { state, revokedAt, endsAt, failure } of found.values()) {
        attempts += failure?.attempts ?? 0;
        if (state === "revoked" && revokedAt && endsAt) revoked.push(epochMs(revokedAt) - epochMs(endsAt));
      }
    }
    const dropped = [...droppedMs.values()];
    console.log(`  ${target.engine}, ${grants.length} grants, after the end of each:\n`);
    printTable(
      ["", "p50", "p99", "max", "of"],
      [
        row(`last login that was let in (${lastLoginMs.length} tried)`, lastLoginMs),
        row("account gone, when next looked (each second)", dropped),
        row("ledger says revoked", revoked),
      ],
    );
    const peak = most(connections);
    console.log(
      `  connections: at most ${peak} in ${connections.length} looks, ${connectionsPerInstance} allowed; ${attempts} attempts failed\n`,
    );
    if (revoked.length < grants.length)
      broken.push(`${grants.length - revoked.length} of ${target.engine} are not revoked`);
    if (most([0, ...dropped, ...revoked]) > withinMs)
      broken.push(`${target.engine}: some took longer than 10 minutes`);
    if (peak > connectionsPerInstance) broken.push(`${target.engine}: ${peak} connections at once`);
  }
  printTable(["API", "calls", "p50", "p95", "p99"], [apiRow("idle", idle), apiRow("meanwhile", meanwhile)]);
  const ratio = p95(meanwhile) / p95(idle);
  console.log(
    `  p95 meanwhile is ${times(p95(meanwhile), p95(idle))} of the idle one, less than ${apiFactor} × allowed`,
  );
  const memory = Object.entries(machines.peaksMb()).map(([name, mb]) => `${name} ${mb.toFixed(0)} MB`);
  console.log(`  memory at most: ${memory.join(" · ")}\n`);
  if (ratio >= apiFactor) broken.push(`the API's p95 rose to ${times(p95(meanwhile), p95(idle))}`);
  return broken;
}

function row(what: string, samples: readonly number[]): string[] {
  const shown = samples.filter((one) => !Number.isNaN(one));
  if (shown.length === 0) return [what, "", "", "", "0"];
  return [what, ms(p50(shown)), ms(p99(shown)), ms(most(shown)), String(shown.length)];
}

function apiRow(what: string, samples: readonly number[]): string[] {
  return [what, String(samples.length), ms(p50(samples)), ms(p95(samples)), ms(p99(samples))];
}

function say(text: string): void {
  console.log(`  ${new Date().toISOString().slice(11, 19)} ${text}`);
}
