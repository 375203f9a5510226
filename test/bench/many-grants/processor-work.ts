import type { Machines } from "./machines.ts";
import { processorSeconds } from "./processor-time.ts";
import type { BenchTarget } from "./target.ts";

/** Says in the end what processor time each part has spent on each grant since now. */
export function processorWork(
  machines: Machines,
  targets: readonly BenchTarget[],
  grants: number,
): () => string {
  const spent = () => ({
    ...machines.processorSeconds(),
    ...Object.fromEntries(targets.map(({ engine, pid }) => [engine, processorSeconds(pid)])),
  });
  const before = spent();
  return () => {
    const work = Object.entries(spent()).map(
      ([name, used]) => `${name} ${((1000 * (used - (before[name] ?? 0))) / grants).toFixed(1)} ms`,
    );
    return `  processor time for each grant: ${work.join(" · ")}\n`;
  };
}
