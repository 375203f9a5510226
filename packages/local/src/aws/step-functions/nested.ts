import type { Json, State, StatesBlock } from "./definition.ts";
import { atPath, type ContextObject, fromTemplate } from "./evaluate.ts";
import { commit, type Run } from "./run.ts";
import { StateFailure } from "./state-failure.ts";

const defaultConcurrency = 40;

/** The branches of a Parallel state, all at once; their outputs in order. */
export async function runBranches(run: Run, strand: string, state: State, input: Json): Promise<Json> {
  const branches = state.Branches ?? [];
  return await runAll(run, branches.length, branches.length, (nested, index) => {
    const branch = branches[index];
    if (branch === undefined) throw new RangeError("no such branch");
    return runKept(nested, branch, `${strand}/${index}`, () => Promise.resolve(input));
  });
}

/** The items of a Map, as many at once as it allows; their outputs in order. */
export async function runItems(
  run: Run,
  strand: string,
  state: State,
  input: Json,
  context: ContextObject,
): Promise<Json> {
  const items = state.ItemsPath === undefined ? input : await atPath(state.ItemsPath, input, context);
  const block = state.ItemProcessor ?? state.Iterator;
  if (!Array.isArray(items) || block === undefined) {
    throw new StateFailure("States.Runtime", "The items of a Map must be an array.");
  }
  const limit =
    state.MaxConcurrencyPath === undefined
      ? state.MaxConcurrency
      : await atPath(state.MaxConcurrencyPath, input, context);
  const selector = state.ItemSelector ?? state.Parameters;
  const concurrency = typeof limit === "number" && limit > 0 ? limit : defaultConcurrency;
  return await runAll(run, items.length, concurrency, (nested, index) => {
    const item = (items as readonly Json[])[index] ?? null;
    const map = { Item: { Index: index, Value: item } };
    return runKept({ ...nested, map }, block, `${strand}/${index}`, async () =>
      selector === undefined ? item : await fromTemplate(selector, input, { ...context, Map: map }),
    );
  });
}

/** A strand that has ended before a restart is not run again. */
async function runKept(
  run: Run,
  block: StatesBlock,
  strand: string,
  input: () => Promise<Json>,
): Promise<Json> {
  const { arn } = run.execution;
  const known = run.store.result(arn, strand);
  if (known !== undefined) return known.output;
  const output = await run.runStrand(run, block, strand, await input());
  commit(run, ...run.store.dropStrands(arn, `${strand}/`), ...run.store.putResult(arn, strand, output));
  return output;
}

/** Runs `count` strands, so many at once. The first failure stops the others, and is thrown when all have stopped. */
async function runAll(
  run: Run,
  count: number,
  concurrency: number,
  one: (nested: Run, index: number) => Promise<Json>,
): Promise<Json> {
  const stopping = new AbortController();
  const nested: Run = { ...run, signal: AbortSignal.any([run.signal, stopping.signal]) };
  const outputs: Json[] = Array.from({ length: count }, () => null);
  const failures: unknown[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count && failures.length === 0) {
      const index = next;
      next += 1;
      try {
        outputs[index] = await one(nested, index);
      } catch (error) {
        failures.push(error);
        stopping.abort(new Error("another strand failed"));
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, concurrency) }, worker));
  run.signal.throwIfAborted();
  if (failures.length > 0) throw failures.find((one) => one instanceof StateFailure) ?? failures[0];
  return outputs;
}
