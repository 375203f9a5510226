import { newPassword } from "../engines/postgres-world.ts";
import { defineBenchmark } from "./benchmark.ts";
import { ms } from "./figures.ts";
import { arm } from "./many-grants/arm.ts";
import { type Lent, lend } from "./many-grants/lend.ts";
import type { Machines } from "./many-grants/machines.ts";
import { onBothServers } from "./many-grants/on-both-servers.ts";
import { processorWork } from "./many-grants/processor-work.ts";
import type { Pulled } from "./many-grants/pull-switch.ts";
import { brokenBounds, connectionsLine, row, see } from "./many-grants/seen.ts";
import { watchUntilGone } from "./many-grants/watch.ts";
import { printTable } from "./table.ts";

/** What must hold, from the moment the switch is pulled. */
const withinMs = 60_000;

export const benchmark = defineBenchmark({
  sentence:
    "the kill switches of two servers pulled at once, a thousand accounts on each whose ends are hours away: until the answer, and until each is gone",
  counts: { grants: 2000, timers: 2000 },
  run: ({ grants, timers }) =>
    onBothServers(async (targets, machines, network) => {
      const each = Math.floor(grants / targets.length);
      const lent = await lend(targets, machines, network, { each, password: newPassword() });
      await arm(machines, lent, {
        timers: Math.min(grants, timers),
        spreadMs: 3_600_000,
        firstEndMs: () => Date.now() + 6 * 3_600_000,
      });
      const work = processorWork(machines, targets, grants);
      const sinceMs = Date.now();
      const [answers] = await Promise.all([
        machines.api.ask<Pulled[]>({ pull: lent.map(({ place }) => place.database.instance.id) }),
        watchUntilGone(lent, { sinceMs, latestMs: sinceMs + 4 * withinMs, lookMs: 250 }),
      ]);
      const worked = work();
      const broken = await report(machines, lent, answers, sinceMs);
      console.log(worked);
      if (broken.length > 0) throw new Error(`bounds broken: ${broken.join("; ")}`);
    }),
});

async function report(
  machines: Machines,
  lent: readonly Lent[],
  answers: readonly Pulled[],
  sinceMs: number,
): Promise<string[]> {
  const broken: string[] = [];
  for (const [index, one] of lent.entries()) {
    const seen = await see(machines, one, () => sinceMs);
    const answer = answers[index];
    console.log(`  ${one.target.engine}, ${one.grants.length} grants, after the switch was pulled:\n`);
    if (answer) console.log(`  answered in ${ms(answer.ms)}: ${answer.ended} ended, ${answer.left} left\n`);
    printTable(
      ["", "p50", "p99", "max", "of"],
      [
        row("account gone, when next looked (4 a second)", seen.gone),
        row("ledger says revoked", seen.revoked),
      ],
    );
    console.log(connectionsLine(one, seen));
    broken.push(...brokenBounds(one, seen, withinMs));
  }
  return broken;
}
