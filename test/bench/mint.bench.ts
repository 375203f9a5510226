import { setTimeout as sleep } from "node:timers/promises";
import type { AccountPlan, Target } from "@daypass/databases/engine.ts";
import { provision } from "@daypass/databases/postgres/provision.ts";
import { revoke } from "@daypass/databases/postgres/revoke.ts";
import { verifyLogin } from "@daypass/databases/postgres/verify-login.ts";
import { ulid } from "ulid";
import { Person } from "../e2e/person.ts";
import { mintBare, readGroup, useAccount, withClient } from "./bare.ts";
import { defineBenchmark } from "./benchmark.ts";
import { ms, p50, p95, times } from "./figures.ts";
import { mintOnEngines } from "./mint-on-engines.ts";
import { countRoundTrips } from "./round-trips.ts";
import { type Running, startRunning, type TimerEvent } from "./running.ts";
import { printTable } from "./table.ts";

const database = "shop";
const lookEveryMs = 10;

export const benchmark = defineBenchmark({
  sentence: "from the approver's click to a login with the credential, against the same SQL by a bare driver",
  counts: { rounds: 30 },
  async run({ rounds }) {
    const running = await startRunning();
    try {
      const { target, system } = running;
      const [engineer, lead] = await Promise.all([
        Person.signIn(system.url, "erin-vale"),
        Person.signIn(system.url, "tomoko-lind"),
      ]);
      const { id } = await engineer.database(database, "production");
      const cast = { engineer, lead, databaseId: id };
      // Loads the functions and makes the permanent group of this scope, which belongs to no mint but the first.
      await lendOnce(running, cast);
      await engineOnce(target);
      const group = await readGroup(target, database);
      const bare: number[] = [];
      const lent: Lent[] = [];
      const engine: Record<"provision" | "verify", number[]> = { provision: [], verify: [] };
      for (let round = 0; round < rounds; round += 1) {
        bare.push(await bareOnce(target, group, round));
        lent.push(await lendOnce(running, cast));
        const once = await engineOnce(target);
        engine.provision.push(once.provision);
        engine.verify.push(once.verify);
      }
      await report(running, engineer, { bare, lent, engine });
    } finally {
      await running.close();
    }
    await mintOnEngines(rounds);
  },
});

/** Instants in milliseconds since 1970, on the clock that the system itself reads. */
type Lent = {
  grantId: string;
  clicked: number;
  answered: number;
  seen: number;
  shown: number;
  usable: number;
};
type Cast = { engineer: Person; lead: Person; databaseId: string };

async function lendOnce({ target }: Running, { engineer, lead, databaseId }: Cast): Promise<Lent> {
  const request = await engineer.ask(databaseId, { durationMinutes: 60 });
  const clicked = Date.now();
  const { grantId } = await lead.approve(request.id);
  const answered = Date.now();
  if (!grantId) throw new Error("an approval makes a grant");
  while ((await engineer.grant(grantId)).state !== "active") {
    if (Date.now() - clicked > 30_000) throw new Error(`grant ${grantId} is not active after 30 s`);
    await sleep(lookEveryMs);
  }
  const seen = Date.now();
  const credential = await engineer.credential(grantId);
  const shown = Date.now();
  await useAccount(target, database, credential);
  return { grantId, clicked, answered, seen, shown, usable: Date.now() };
}

async function bareOnce(target: Target, group: string, round: number): Promise<number> {
  const startedAt = performance.now();
  await useAccount(target, database, await mintBare(target, database, group, `bench_${round}`));
  const took = performance.now() - startedAt;
  await withClient(target, target.administrator, database, (client) =>
    client.query(`DROP ROLE bench_${round}`),
  );
  return took;
}

/** The engine's two steps by themselves, in this process. */
async function engineOnce(target: Target) {
  const plan = planOf();
  const password = ulid();
  const startedAt = performance.now();
  await provision(target, plan, password);
  const provisionedAt = performance.now();
  await verifyLogin(target, plan, password);
  const verifiedAt = performance.now();
  await revoke(target, plan);
  return { provision: provisionedAt - startedAt, verify: verifiedAt - provisionedAt };
}

function planOf(): AccountPlan {
  const id = ulid();
  return {
    name: `dp_${id.toLowerCase()}`,
    grantId: `grt_${id}`,
    database,
    level: "read",
    scope: { kind: "database" },
    expiresAtMs: Date.now() + 3_600_000,
  };
}

type Samples = { bare: number[]; lent: Lent[]; engine: Record<"provision" | "verify", number[]> };

async function report(running: Running, engineer: Person, { bare, lent, engine }: Samples): Promise<void> {
  const total = lent.map(({ clicked, usable }) => usable - clicked);
  printTable(
    ["click → login", "p50", "p95", "against the floor"],
    [
      ["bare driver (floor)", ms(p50(bare)), ms(p95(bare)), times(1, 1)],
      ["Daypass", ms(p50(total)), ms(p95(total)), times(p50(total), p50(bare))],
    ],
  );
  const steps = await stepsOf(running, engineer, lent);
  printTable(
    ["where it goes", "p50", "p95", "share"],
    Object.entries(steps).map(([step, samples]) => [
      step,
      ms(p50(samples)),
      ms(p95(samples)),
      `${((100 * p50(samples)) / p50(total)).toFixed(0)} %`,
    ]),
  );
  const plan = planOf();
  const password = ulid();
  const trips = {
    provision: await countRoundTrips(() => provision(running.target, plan, password)),
    verify: await countRoundTrips(() => verifyLogin(running.target, plan, password)),
    revoke: await countRoundTrips(() => revoke(running.target, plan)),
  };
  printTable(
    ["the engine by itself", "p50", "connections", "statements"],
    Object.entries(trips).map(([step, { connections, statements }]) => [
      step,
      step === "provision" || step === "verify" ? ms(p50(engine[step])) : "",
      String(connections),
      String(statements),
    ]),
  );
}

/** From what is on record: the trail's events and the history of the timer. */
async function stepsOf({ timers }: Running, engineer: Person, lent: readonly Lent[]) {
  const histories = await timers();
  const steps = {
    "click → decision on record": [] as number[],
    "decision → timer started": [] as number[],
    "timer → broker called": [] as number[],
    "broker called → intent on record": [] as number[],
    "secret, account, login check → active": [] as number[],
    [`active → seen (looks every ${lookEveryMs} ms)`]: [] as number[],
    "credential shown": [] as number[],
    "login with it": [] as number[],
  };
  for (const { grantId, clicked, seen, shown, usable } of lent) {
    const { requestId } = await engineer.grant(grantId);
    const { timeline } = await engineer.get<{ timeline: { operation: string; at: string }[] }>(
      `/api/requests/${requestId}`,
    );
    const event = (operation: string) => instant(timeline.find((one) => one.operation === operation)?.at);
    const history = histories.get(grantId) ?? [];
    const moments = [
      clicked,
      event("request.review"),
      instantOf(history, "ExecutionStarted"),
      instantOf(history, "LambdaFunctionStarted"),
      event("grant.start"),
      event("grant.activate"),
      seen,
      shown,
      usable,
    ];
    for (const [index, samples] of Object.values(steps).entries()) {
      samples.push((moments[index + 1] ?? Number.NaN) - (moments[index] ?? Number.NaN));
    }
  }
  return steps;
}

function instantOf(history: readonly TimerEvent[], type: string): number {
  return instant(history.find((event) => event.type === type)?.timestamp);
}

function instant(text: string | undefined): number {
  const epochMs = Date.parse(text ?? "");
  if (Number.isNaN(epochMs)) throw new Error("a step is not on record");
  return epochMs;
}
