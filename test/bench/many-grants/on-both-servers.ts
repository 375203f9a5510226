import { newId } from "@daypass/core/kernel/ids.ts";
import { monotonicFactory } from "ulid";
import type { Network } from "./lend.ts";
import { type Machines, stack, startMachines } from "./machines.ts";
import type { BenchTarget } from "./target.ts";
import { startMariadbTarget } from "./target-mariadb.ts";
import { startPostgresTarget } from "./target-postgres.ts";

/** Measures on one PostgreSQL and one MariaDB, with the whole system beside them; leaves nothing behind. */
export async function onBothServers(
  measure: (targets: readonly BenchTarget[], machines: Machines, network: Network) => Promise<void>,
): Promise<void> {
  const targets: BenchTarget[] = [];
  try {
    targets.push(await startPostgresTarget(stack), await startMariadbTarget(stack));
    const ids = monotonicFactory();
    const network = { id: newId("network", { ulid: () => ids() }), name: "default", version: 1 };
    const machines = await startMachines(network);
    try {
      await measure(targets, machines, network);
    } finally {
      await machines.close();
    }
  } finally {
    await Promise.all(targets.map((target) => target.close()));
  }
}
