import { setTimeout as sleep } from "node:timers/promises";
import { ListStateMachinesCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { findGrant, savingGrant } from "@daypass/core/grant/grant.store.ts";
import { moved } from "@daypass/core/grant/grant.ts";
import type { GrantView } from "@daypass/core/grant/grant.view.ts";
import { type Instant, instantOf, systemClock } from "@daypass/core/kernel/clock.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import type pg from "pg";
import { Person } from "../e2e/person.ts";
import { until } from "../e2e/system.ts";
import { type BareAccount, mintBare, openSession, revokeBare, tryLogin, withClient } from "./bare.ts";
import { defineBenchmark } from "./benchmark.ts";
import { most, ms, p50, p99, times } from "./figures.ts";
import { type Running, startRunning } from "./running.ts";
import { printTable } from "./table.ts";

const database = "shop";
/** How long after the end everything must be over: G3 says 5 minutes. */
const patienceSeconds = 330;
/** Long enough that every account was let in at least once before the end. */
const probeBeforeMs = 5000;

export const benchmark = defineBenchmark({
  sentence:
    "how long after one common end many grants of one server are closed, against a bare SQL revoke of as many",
  counts: { grants: 50 },
  async run({ grants }) {
    const running = await startRunning();
    try {
      const bare = await revokeAllBare(running, grants);
      const lent = await lendAll(running, grants);
      const { endsAtMs, lags } = await endTogether(running, lent);
      report(bare, lags);
      await reportTrouble(running, lent, endsAtMs);
    } finally {
      await running.close();
    }
  },
});

/** Milliseconds after the end, one for each grant. */
type Lags = { dead: number[]; dropped: number[] };
type LentLags = Lags & { lastLogin: number[]; refused: number[]; revoked: number[] };
type Lent = { grant: GrantView; holder: Person; account: BareAccount };

/** The floor: one session of the administrator takes them back one after another, each with a session of its own. */
async function revokeAllBare({ target }: Running, count: number): Promise<Lags> {
  const group = "bench_group";
  return withClient(target, target.administrator, database, async (client) => {
    await client.query(`CREATE ROLE ${group} NOLOGIN`);
    await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${group}`);
    const lags: Lags = { dead: [], dropped: [] };
    const accounts: BareAccount[] = [];
    for (let index = 0; index < count; index += 1) {
      accounts.push(await mintBare(target, database, group, `bench_${index}`));
    }
    const sessions = await Promise.all(accounts.map((account) => openSession(target, database, account)));
    const endedAt = performance.now();
    for (const { ended } of sessions) ended.then(() => lags.dead.push(performance.now() - endedAt), report);
    for (const { username } of accounts) {
      await revokeBare(client, username);
      lags.dropped.push(performance.now() - endedAt);
    }
    await Promise.all(sessions.map(({ ended }) => ended));
    await client.query(`REVOKE CONNECT ON DATABASE ${database} FROM ${group}`);
    await client.query(`DROP ROLE ${group}`);
    return lags;

    function report(error: unknown): void {
      console.error(error);
    }
  });
}

/** Half of them the engineer's and half the analyst's; each as after an approval, with its credential. */
async function lendAll({ system }: Running, count: number): Promise<Lent[]> {
  const [lead, ...holders] = await Promise.all(
    ["tomoko-lind", "erin-vale", "nils-okoro"].map((person) => Person.signIn(system.url, person)),
  );
  if (!lead) throw new Error("nobody to approve");
  const { id } = await lead.database(database, "production");
  const lent: Lent[] = [];
  for (let index = 0; index < count; index += 1) {
    const holder = holders[index % holders.length];
    if (!holder) throw new Error("nobody to hold it");
    const request = await holder.ask(id, { durationMinutes: 240 });
    const { grantId } = await lead.approve(request.id);
    const grant = await holder.grantIn(grantId ?? "", ["active"], 60);
    lent.push({ grant, holder, account: await holder.credential(grant.id) });
  }
  return lent;
}

/** Every account holds a session and is tried in turn; then the common end comes. */
async function endTogether(
  running: Running,
  lent: readonly Lent[],
): Promise<{ endsAtMs: number; lags: LentLags }> {
  const { target } = running;
  const endsAtMs = Math.ceil(Date.now() / 1000) * 1000 + 20_000 + lent.length * 500;
  await moveEnds(running, lent, instantOf(endsAtMs));
  const lags: LentLags = { lastLogin: [], refused: [], dead: [], dropped: [], revoked: [] };
  const sessions = await Promise.all(lent.map(({ account }) => openSession(target, database, account)));
  const deaths = sessions.map(async ({ ended }) => {
    await ended;
    lags.dead.push(Date.now() - endsAtMs);
  });
  if (Date.now() > endsAtMs - 2000)
    throw new Error("the machine is too slow: the end came before all were ready");
  await sleep(endsAtMs - probeBeforeMs - Date.now());
  await Promise.all([
    probeLogins(running, lent, endsAtMs, lags),
    withClient(target, target.administrator, "postgres", (client) =>
      watchRoles(client, lent, endsAtMs, lags),
    ),
    ...deaths,
  ]);
  for (const { grant, holder } of lent) {
    const { revokedAt } = await holder.grantIn(grant.id, ["revoked"], patienceSeconds);
    lags.revoked.push(Date.parse(revokedAt ?? "") - endsAtMs);
  }
  return { endsAtMs, lags };
}

/** Moves the ends in the ledger as an extension does, and wakes the timers, which tell the database. */
async function moveEnds(
  { table, workflows }: Running,
  lent: readonly Lent[],
  endsAt: Instant,
): Promise<void> {
  const { stateMachines = [] } = await workflows.send(new ListStateMachinesCommand({}));
  const stateMachineArn = stateMachines.find(({ name }) => name?.includes("grant"))?.stateMachineArn;
  const ctx = { table, clock: systemClock };
  await Promise.all(
    lent.map(async ({ grant: { id } }) => {
      const grant = await findGrant(ctx, id);
      if (!grant) throw new Error(`there is no ${id}`);
      const next = moved(grant, "active", { endsAt });
      await commitAll(ctx, [savingGrant(ctx, next)]);
      const input = JSON.stringify({ grantId: id });
      await workflows.send(
        new StartExecutionCommand({ stateMachineArn, name: `${id}-${next.version}`, input }),
      );
    }),
  );
  for (const { grant, holder } of lent) {
    await until("the database knows the common end", 60, async () => {
      return (await holder.grant(grant.id)).databaseEndsAt === endsAt;
    });
  }
}

/** One login at a time, round and round the accounts that were still let in. */
async function probeLogins(
  { target }: Running,
  lent: readonly Lent[],
  endsAtMs: number,
  lags: LentLags,
): Promise<void> {
  const last = new Map(lent.map(({ account }) => [account, Number.NaN]));
  while (last.size > 0) {
    for (const account of last.keys()) {
      const triedMs = Date.now() - endsAtMs;
      const answer = await tryLogin(target, database, account);
      if (answer === "in") last.set(account, triedMs);
      if (answer !== "refused") continue;
      if (triedMs > 0) lags.refused.push(triedMs);
      lags.lastLogin.push(last.get(account) ?? Number.NaN);
      last.delete(account);
    }
    if (Date.now() > endsAtMs + patienceSeconds * 1000)
      throw new Error(`${last.size} accounts can still log in`);
  }
}

async function watchRoles(
  client: pg.Client,
  lent: readonly Lent[],
  endsAtMs: number,
  lags: Lags,
): Promise<void> {
  let left = lent.map(({ account }) => account.username);
  while (left.length > 0) {
    const { rows } = await client.query<{ rolname: string }>(
      "SELECT rolname::text FROM pg_roles WHERE rolname = ANY ($1::text[])",
      [left],
    );
    const still = new Set(rows.map(({ rolname }) => rolname));
    for (const name of left) if (!still.has(name)) lags.dropped.push(Date.now() - endsAtMs);
    left = left.filter((name) => still.has(name));
    if (Date.now() > endsAtMs + patienceSeconds * 1000)
      throw new Error(`${left.length} accounts are still there`);
    await sleep(20);
  }
}

function report(bare: Lags, lent: LentLags): void {
  const row = (what: string, samples: readonly number[], floor?: readonly number[]) => [
    what,
    ms(p50(samples)),
    ms(p99(samples)),
    ms(most(samples)),
    floor ? times(p50(samples), p50(floor)) : "",
  ];
  printTable(
    ["after the end", "p50", "p99", "max", "p50 against the floor"],
    [
      row("bare driver: session dead (floor)", bare.dead, bare.dead),
      row("bare driver: role dropped (floor)", bare.dropped, bare.dropped),
      row("last login that was let in", lent.lastLogin),
      row("login refused, when next tried", lent.refused),
      row("session dead", lent.dead, bare.dead),
      row("role dropped", lent.dropped, bare.dropped),
      row("ledger says revoked", lent.revoked, bare.dropped),
    ],
  );
}

/** Failures on the way, which the ledger keeps in the trail. */
async function reportTrouble({ system }: Running, lent: readonly Lent[], endsAtMs: number): Promise<void> {
  const auditor = await Person.signIn(system.url, "oscar-brandt");
  const from = new Date(endsAtMs).toISOString();
  const failures = await auditor.events(`operation=grant.record-failure&from=${from}`);
  const messages = Map.groupBy(failures, ({ data }) => String(data["message"]));
  console.log(`  ${failures.length} attempts failed and were repeated, of ${lent.length} grants`);
  for (const [message, events] of messages) console.log(`    ${events.length} × ${message}`);
  console.log();
}
