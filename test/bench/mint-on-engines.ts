import { ulid } from "ulid";
import { newPlan } from "../engines/conformance/new-plan.ts";
import { type AccountServer, database, startAccountServers } from "./account-servers.ts";
import type { BareAccount } from "./bare.ts";
import { ms, p50, p95, times } from "./figures.ts";
import { printTable } from "./table.ts";

/** The engines by themselves, in this process: provision, login check and a login, against the bare SQL and a login. */
export async function mintOnEngines(rounds: number): Promise<void> {
  const servers = await startAccountServers();
  try {
    const rows: string[][] = [];
    for (const one of servers) rows.push(await mintOn(one, rounds));
    printTable(
      ["engine: account → login", "floor p50", "floor p95", "p50", "p95", "against the floor"],
      rows,
    );
  } finally {
    for (const { server } of servers) await server.remove();
  }
}

async function mintOn(one: AccountServer, rounds: number): Promise<string[]> {
  const { server } = one;
  // Makes the permanent group, or the register, which belong to no mint but the first.
  await mint(one);
  const bare: number[] = [];
  const lent: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const username = `bench_${round}`;
    bare.push(await timed(async () => use(one, await one.mintBare(username))));
    await one.revokeBare(username);
    lent.push(await mint(one));
  }
  return [
    server.words.name,
    ms(p50(bare)),
    ms(p95(bare)),
    ms(p50(lent)),
    ms(p95(lent)),
    times(p50(lent), p50(bare)),
  ];
}

async function mint(one: AccountServer): Promise<number> {
  const { engine, target } = one.server;
  const plan = newPlan();
  const password = ulid();
  const took = await timed(async () => {
    await engine.provision(target, plan, password);
    await engine.verifyLogin(target, plan, password);
    await use(one, { username: plan.name, password });
  });
  await engine.revoke(target, plan);
  return took;
}

async function use({ server }: AccountServer, login: BareAccount): Promise<void> {
  const client = await server.connect(login, database);
  await client.run("SELECT 1");
  await client.end();
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
