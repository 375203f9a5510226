import { ulid } from "ulid";
import { newPlan } from "../engines/conformance/new-plan.ts";
import { type AccountServer, database, startAccountServers } from "./account-servers.ts";
import type { BareAccount } from "./bare.ts";
import { defineBenchmark } from "./benchmark.ts";
import { ms, p50, p95, times } from "./figures.ts";
import { printTable } from "./table.ts";

/** The two ways in which most accounts end: nobody is logged in, or somebody is. */
const openSessions = [0, 1];

export const benchmark = defineBenchmark({
  sentence: "taking an account back on PostgreSQL and on MariaDB, against the same SQL by a bare driver",
  counts: { rounds: 30 },
  async run({ rounds }) {
    const servers = await startAccountServers();
    try {
      const rows: string[][] = [];
      for (const one of servers) {
        for (const sessions of openSessions) rows.push(await revokeOn(one, sessions, rounds));
      }
      printTable(["revoke → absent", "floor p50", "floor p95", "p50", "p95", "against the floor"], rows);
    } finally {
      for (const { server } of servers) await server.remove();
    }
  },
});

async function revokeOn(one: AccountServer, sessions: number, rounds: number): Promise<string[]> {
  const { engine, target, words } = one.server;
  const bare: number[] = [];
  const lent: number[] = [];
  // The first makes what is permanent, and is not counted.
  for (let round = -1; round < rounds; round += 1) {
    const plan = newPlan();
    const password = ulid();
    await engine.provision(target, plan, password);
    await open(one, { username: plan.name, password }, sessions);
    const took = await timed(async () => {
      const { status } = await engine.revoke(target, plan);
      if (status !== "absent") throw new Error(`${plan.name} is ${status}`);
    });
    const account = await one.mintBare(`bench_${round + 1}`);
    await open(one, account, sessions);
    const floor = await timed(() => one.revokeBare(account.username));
    if (round >= 0) {
      lent.push(took);
      bare.push(floor);
    }
  }
  return [
    `${words.name}, ${sessions === 0 ? "nobody logged in" : "one session open"}`,
    ms(p50(bare)),
    ms(p95(bare)),
    ms(p50(lent)),
    ms(p95(lent)),
    times(p50(lent), p50(bare)),
  ];
}

/** Held open until the server ends them. */
async function open({ server }: AccountServer, login: BareAccount, count: number): Promise<void> {
  for (let session = 0; session < count; session += 1) {
    const client = await server.connect(login, database);
    await client.run("SELECT 1");
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
