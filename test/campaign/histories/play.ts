import { parseArgs } from "node:util";
import fc from "fast-check";
import { createWorldIn } from "../../integration/harness.ts";
import { createClock } from "../../integration/movable-clock.ts";
import { register } from "../../integration/registered.ts";
import { type HistoryWorld, play } from "./history.ts";
import { createQuickTable } from "./quick-table.ts";
import { grantsAtOnce, history } from "./step.ts";

/** One of the processes that play histories: `--count 5000 --seed 7`, or as many as `--seconds 60` allow. Ends with 1 and
 * the shortest history that broke the guarantee. */
const { values } = parseArgs({
  options: { count: { type: "string" }, seed: { type: "string" }, seconds: { type: "string" } },
});
const [count, seed] = [Number(values.count ?? 100), Number(values.seed ?? 1)];

/** A table grows slow with what was: so many histories share one. */
const perWorld = 60;
let world: HistoryWorld | undefined;
let registered: Awaited<ReturnType<typeof register>> | undefined;
let played = 0;
async function fresh() {
  if (!world || !registered || played % perWorld === 0) {
    await world?.close();
    world = await createWorldIn(createClock(), createQuickTable);
    registered = await register(world);
  }
  played += 1;
  return { world, registered };
}

const property = fc.asyncProperty(history, async (one) => {
  const ground = await fresh();
  try {
    await play(ground.world, ground.registered, one);
  } catch (error) {
    // What it left behind must not be another history's.
    played = 0;
    throw error;
  }
});
const outcome = await fc.check(property, {
  numRuns: Math.ceil(count / grantsAtOnce),
  seed,
  endOnFailure: false,
  ...(values.seconds === undefined ? {} : { interruptAfterTimeLimit: Number(values.seconds) * 1000 }),
});
await world?.close();
if (outcome.failed) console.error(fc.defaultReportMessage(outcome), outcome.errorInstance);
console.log(JSON.stringify({ histories: outcome.numRuns * grantsAtOnce, seed, failed: outcome.failed }));
process.exit(outcome.failed ? 1 : 0);
