import { setTimeout as sleep } from "node:timers/promises";
import type { Cell } from "../cell.ts";
import type { Promised } from "../guarantee.ts";
import { liveThrough, type Scenario, type Stage } from "../live-through.ts";
import { loggedIn } from "../witness.ts";

/** The holder of a PostgreSQL account locks what has to be written to end it. A `read` account can do all of this. */
export const lockingPostgres: readonly Cell[] = [
  ...both("locks its own row", inTheOpen, true),
  ...both("locks its own row, prepared", prepared, true),
  ...both("changes its own row in a loop", looping, false),
  cell("ends with twenty others that lock their rows", ["G2", "G3"], true, {
    leadMs: 600_000,
    whileActive: besetByOthers,
  }),
];

/** The same ruse before an early end and before a natural one. */
function both(fault: string, ruse: (stage: Stage) => Promise<void>, isShort: boolean): Cell[] {
  return [
    cell(`${fault}, ended early`, ["G2", "G3"], isShort, {
      leadMs: 60_000,
      whileActive: async (stage) => {
        await ruse(stage);
        await stage.house.end(stage.id);
      },
    }),
    cell(`${fault}, until its end`, ["G1", "G2", "G3"], isShort, { leadMs: 6_000, whileActive: ruse }),
  ];
}

const unbound = ["SET idle_in_transaction_session_timeout = 0", "SET lock_timeout = 0", "BEGIN"];
const change = "ALTER ROLE CURRENT_USER PASSWORD 'of-its-own'";

async function inTheOpen(stage: Stage): Promise<void> {
  await transaction(stage, stage.account.name, stage.password, [change]);
}

async function prepared(stage: Stage): Promise<void> {
  await transaction(stage, stage.account.name, stage.password, [
    change,
    `PREPARE TRANSACTION 'of ${stage.account.name}'`,
  ]);
}

async function looping(stage: Stage): Promise<void> {
  const { server, account, password } = stage;
  let isOn = true;
  const loops = Array.from({ length: 5 }, async () => {
    while (isOn) {
      const session = await server.login(account.name, password, "postgres").catch(() => "refused" as const);
      if (session === "refused") await sleep(5);
      else {
        // The password stays what it was, so that the next login works: only the row is written again.
        const again = async () => {
          while (isOn) await session.run(`ALTER ROLE CURRENT_USER PASSWORD '${password}'`);
        };
        await again().catch(() => undefined);
        await session.close().catch(() => undefined);
      }
    }
  });
  stage.cleanUp = async () => {
    isOn = false;
    await Promise.all(loops);
  };
  await sleep(400);
}

/** Nobody's end may wait for longer than this because of the others. */
const delayMs = 10_000;

/** Measured in real time: what the campaign's clock jumps over is no delay. */
async function besetByOthers(stage: Stage): Promise<void> {
  const { house, server, account, problems } = stage;
  const others = [];
  for (let number = 0; number < 20; number += 1) others.push((await house.plan({ level: "read" })).id);
  for (const id of others) {
    await house.waitFor("another grant is active", async () => (await house.grant(id)).state === "active");
    const grant = await house.grant(id);
    await transaction(stage, grant.account, await house.credential(grant), [change]);
  }
  await house.endAll("person");
  const startedAt = performance.now();
  const isOver = async () =>
    !(await server.hasAccount(account)) && (await server.countSessions(account)) === 0;
  while (!(await isOver()) && performance.now() - startedAt < 60_000) await house.pass(1_000, 1_000);
  const tookMs = performance.now() - startedAt;
  if (tookMs > delayMs) problems.push(`G3: the others delayed it for ${(tookMs / 1000).toFixed(1)} s`);
  for (const id of others)
    await house.waitFor("another is revoked", async () => (await house.grant(id)).state === "revoked", {
      stepMs: 5_000,
    });
}

async function transaction(
  { server, sessions }: Stage,
  name: string,
  password: string,
  statements: readonly string[],
): Promise<void> {
  const session = await loggedIn(server, name, password);
  sessions.push(session);
  for (const statement of [...unbound, ...statements]) await session.run(statement);
}

function cell(fault: string, promises: readonly Promised[], isShort: boolean, scenario: Scenario): Cell {
  return {
    group: "hostile",
    layer: "all",
    fault: `the account ${fault}`,
    promises: [...promises, "G6", "G7"],
    isShort,
    engines: ["postgres"],
    run: (server) =>
      liveThrough(server, {
        ...scenario,
        after: async ({ cleanUp }) => {
          await cleanUp();
          return [];
        },
      }),
  };
}
