import { EngineError } from "../engine.ts";
import { type BatchResult, type Cleaning, runInBatches } from "./batches.ts";
import { inTransaction } from "./connection.ts";
import { disarm } from "./disarm.ts";
import { isOutOfLocks } from "./failure.ts";
import { handOver } from "./hand-over.ts";
import { dropLargeObjects } from "./large-objects.ts";
import { describeLeftovers, type Leftover, readLeftovers } from "./leftovers.ts";
import { giveManyRelations, setAside } from "./set-aside.ts";
import { dropIndexes, stripCode } from "./strip-code.ts";
import { withdrawRights } from "./withdraw-rights.ts";

/**
 * Leaves nothing of a role in this database that anyone can reach: rights on it end first, what nothing of anyone
 * else depends on is dropped, and the rest goes to the keeper without code, without rights, and under another name. Each
 * step is done in batches of its own, so that an attempt that was cut continues where it stopped. Returns what is kept;
 * throws the first failure after everything else was tried.
 */
export async function closeLeftovers(cleaning: Cleaning): Promise<string[]> {
  const failures: (Error | undefined)[] = [await withdrawRights(cleaning, "given")];
  failures.push(await dropLargeObjects(cleaning));
  const stripped = new Set<string>();
  const strip = async () => failures.push(...(await stripKept(cleaning, stripped)));
  await strip();
  failures.push(await dropAll(cleaning));
  await strip();
  const { keep } = await readLeftovers(cleaning.session, cleaning.role.oid);
  failures.push(await withdrawRights(cleaning, "all"));
  failures.push(await setAside(cleaning));
  const failure = failures.find((one) => one !== undefined) ?? (await giveManyRelations(cleaning));
  if (failure !== undefined) throw failure;
  const names = await describeLeftovers(cleaning.session, keep);
  const { session, role, keeper, claim } = cleaning;
  await inTransaction(session, async () => {
    if (await claim()) await handOver(session, role, keeper);
  });
  return names;
}

/** What is kept loses its code, once; something may turn out to be kept only after the rest was dropped. */
async function stripKept(cleaning: Cleaning, stripped: Set<string>): Promise<(Error | undefined)[]> {
  const { session, role } = cleaning;
  const { keep } = await readLeftovers(session, role.oid);
  const fresh = keep.filter(({ key }) => !stripped.has(key));
  if (fresh.length === 0) return [];
  for (const { key } of fresh) stripped.add(key);
  const code = await runInBatches(cleaning, await stripCode(session, role, fresh));
  const emptied = await runInBatches(cleaning, await disarm(session, fresh));
  return [code.failure, emptied.failure];
}

/** Again and again while it helps: what failed because of what hung on it may succeed once that is gone. */
async function dropAll(cleaning: Cleaning): Promise<Error | undefined> {
  let failure: Error | undefined;
  for (let left = Number.POSITIVE_INFINITY; ; ) {
    const { drop } = await readLeftovers(cleaning.session, cleaning.role.oid);
    if (drop.length === 0) return undefined;
    if (drop.length >= left) {
      return failure ?? new EngineError("conflict", `${drop[0]?.description} could not be dropped`);
    }
    left = drop.length;
    const result = await runInBatches(
      cleaning,
      drop.map((one) => one.drop),
    );
    failure = result.failure;
    if (isOutOfLocks(failure)) left += (await shed(cleaning, drop)).done > 0 ? 1 : 0;
  }
}

/** A table too large for one transaction loses its indexes, triggers and constraints one by one. */
async function shed(cleaning: Cleaning, drop: readonly Leftover[]): Promise<BatchResult> {
  const { session, role } = cleaning;
  const tables = drop.filter(({ catalog }) => catalog === "pg_class");
  return runInBatches(cleaning, [
    ...(await stripCode(session, role, tables)),
    ...(await dropIndexes(session, tables)),
  ]);
}
