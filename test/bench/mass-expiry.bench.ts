import { setTimeout as sleep } from "node:timers/promises";
import { newPassword } from "../engines/postgres-world.ts";
import { defineBenchmark } from "./benchmark.ts";
import { ms, p50, p95, p99, times } from "./figures.ts";
import { arm } from "./many-grants/arm.ts";
import { type Lent, lend } from "./many-grants/lend.ts";
import type { Machines } from "./many-grants/machines.ts";
import { onBothServers } from "./many-grants/on-both-servers.ts";
import { probe } from "./many-grants/probe.ts";
import { processorWork } from "./many-grants/processor-work.ts";
import { brokenBounds, connectionsLine, row, see } from "./many-grants/seen.ts";
import { watchUntilGone } from "./many-grants/watch.ts";
import { printTable } from "./table.ts";

/** What must hold. */
const withinMs = 10 * 60_000;
const apiFactor = 2;

export const benchmark = defineBenchmark({
  sentence:
    "ten thousand grants that end within one minute: how late each is gone, connections, and what people at the page feel",
  counts: { grants: 10_000, timers: 10_000, seconds: 60, idle: 20 },
  run: ({ grants: count, timers: given, seconds, idle: idleSeconds }) =>
    onBothServers(async (targets, machines, network) => {
      const timers = Math.min(count, given);
      const [spreadMs, idleMs] = [seconds * 1000, idleSeconds * 1000];
      const password = newPassword();
      const each = Math.floor(count / targets.length);
      const lent = await lend(targets, machines, network, { each, password });
      const idle = await withPeople(machines, () => sleep(idleMs));
      const sinceMs = await arm(machines, lent, {
        timers,
        spreadMs,
        firstEndMs: () => Math.ceil(Date.now() / 1000) * 1000 + 8_000 + count * 6 + timers * 14,
      });
      await sleep(sinceMs - Date.now());
      const work = processorWork(machines, targets, count);
      const logins = new Map(lent.map((one): [Lent, number[]] => [one, []]));
      const meanwhile = await withPeople(machines, async () => {
        const latestMs = sinceMs + spreadMs + withinMs + 30_000;
        const probing = lent.map(async (one) => logins.set(one, await probe(one, password)));
        await Promise.all([watchUntilGone(lent, { sinceMs, latestMs, lookMs: 1000 }), ...probing]);
      });
      const worked = work();
      const after = await withPeople(machines, () => sleep(idleMs));
      const broken = [
        ...(await reportTargets(machines, logins)),
        ...reportApi(machines, [...idle, ...after], meanwhile),
      ];
      console.log(worked);
      if (broken.length > 0) throw new Error(`bounds broken: ${broken.join("; ")}`);
    }),
});

async function withPeople(machines: Machines, work: () => Promise<unknown>): Promise<number[]> {
  await machines.api.ask("begin");
  await work();
  return machines.api.ask<number[]>("end");
}

async function reportTargets(
  machines: Machines,
  logins: ReadonlyMap<Lent, readonly number[]>,
): Promise<string[]> {
  const broken: string[] = [];
  for (const [lent, lastLoginMs] of logins) {
    const seen = await see(machines, lent, ({ endsAt }) => Date.parse(endsAt ?? ""));
    console.log(`  ${lent.target.engine}, ${lent.grants.length} grants, after the end of each:\n`);
    printTable(
      ["", "p50", "p99", "max", "of"],
      [
        row(`last login that was let in (${lastLoginMs.length} tried)`, lastLoginMs),
        row("account gone, when next looked (each second)", seen.gone),
        row("ledger says revoked", seen.revoked),
      ],
    );
    console.log(connectionsLine(lent, seen));
    broken.push(...brokenBounds(lent, seen, withinMs));
  }
  return broken;
}

function reportApi(machines: Machines, idle: readonly number[], meanwhile: readonly number[]): string[] {
  printTable(["API", "calls", "p50", "p95", "p99"], [apiRow("idle", idle), apiRow("meanwhile", meanwhile)]);
  const ratio = times(p95(meanwhile), p95(idle));
  console.log(`  p95 meanwhile is ${ratio} of the idle one, less than ${apiFactor} × allowed`);
  const memory = Object.entries(machines.peaksMb()).map(([name, mb]) => `${name} ${mb.toFixed(0)} MB`);
  console.log(`  memory at most: ${memory.join(" · ")}\n`);
  return p95(meanwhile) / p95(idle) >= apiFactor ? [`the API's p95 rose to ${ratio}`] : [];
}

function apiRow(what: string, samples: readonly number[]): string[] {
  return [what, String(samples.length), ms(p50(samples)), ms(p95(samples)), ms(p99(samples))];
}
