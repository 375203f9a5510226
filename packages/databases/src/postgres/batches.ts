import { EngineError } from "../engine.ts";
import { inTransaction, type Session } from "./connection.ts";
import { isLockTimeout, sqlState, toEngineError } from "./failure.ts";
import { inOrder, integer, literal, sql } from "./quote.ts";

/** The work on what one role left in one database. */
export type Cleaning = {
  session: Session;
  role: { name: string; oid: number };
  keeper: string;
  /** Takes the lock of the role inside a transaction; false when the role is gone. */
  claim: () => Promise<boolean>;
  /** By performance.now(): later, nothing new is begun, and the next attempt goes on. */
  deadline: number;
  /** What its locks have cost so far, over all steps: the more, the shorter it waits. */
  waits: Waits;
};

/** `failure` is the first lock that was not given in time. */
export type Waits = { timeouts: number; failure: Error | undefined };

/** `failure` is the first of what failed alone, in a transaction of its own. */
export type BatchResult = { done: number; failure: Error | undefined };

/** Statements that stand around those of every batch, in its transaction. */
export type Around = { before: readonly string[]; after: readonly string[] };

/** Each object that a transaction changes costs a place in the server's table of locks until its end. */
const batchSize = 100;

/** Short: a batch that meets a lock is split, and what is locked waits alone, after everything else. */
export const lockTimeoutMs = 300;
const lockTimeoutAloneMs = 1_500;

/** Whoever holds that many locks holds more: what sorts behind them gets its turn all the same. */
const patientTimeouts = 5;
const lockTimeoutImpatientMs = 30;
/** In one step: from here on a batch that meets a lock is left to the next attempt, and not split. */
const splitTimeouts = 60;

/**
 * Runs the statements in transactions of bounded size. One that fails is tried again in halves, so that one object
 * that is locked, or too large, holds back no other.
 */
export async function runInBatches(
  cleaning: Cleaning,
  statements: readonly string[],
  around: Around = { before: [], after: [] },
): Promise<BatchResult> {
  const run: Run = (batch, timeoutMs) =>
    runOnce(cleaning, [...around.before, ...batch, ...around.after], timeoutMs);
  const result: BatchResult = { done: 0, failure: undefined };
  const alone: string[] = [];
  const { waits } = cleaning;
  const before = waits.timeouts;
  const isSplit = () => waits.timeouts - before < splitTimeouts;
  for (let start = 0; start < statements.length; start += batchSize) {
    alone.push(...(await runBatch(run, statements.slice(start, start + batchSize), result, isSplit)));
  }
  for (const statement of alone) {
    const failure = await serverRefusalOf(() => run([statement], lockTimeoutAloneMs));
    if (failure === undefined) result.done += 1;
    result.failure ??= failure;
  }
  return result;
}

/** What the server refused; a connection that is gone, or our own deadline, is thrown. */
export async function serverRefusalOf(work: () => Promise<void>): Promise<Error | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!(error instanceof Error) || error instanceof OutOfTime || sqlState(error) === undefined) throw error;
    if (toEngineError(error, "cleaning up").kind === "unreachable") throw error;
    return error;
  }
}

type Run = (batch: readonly string[], timeoutMs: number) => Promise<void>;

/** Returns the statements that failed with others and have to be tried alone. */
async function runBatch(
  run: Run,
  batch: readonly string[],
  result: BatchResult,
  isSplit: () => boolean,
): Promise<readonly string[]> {
  const failure = await serverRefusalOf(() => run(batch, lockTimeoutMs));
  if (failure === undefined) {
    result.done += batch.length;
    return [];
  }
  if (isLockTimeout(failure) && !isSplit()) {
    result.failure ??= failure;
    return [];
  }
  if (batch.length === 1) return batch;
  const middle = Math.ceil(batch.length / 2);
  return [
    ...(await runBatch(run, batch.slice(0, middle), result, isSplit)),
    ...(await runBatch(run, batch.slice(middle), result, isSplit)),
  ];
}

async function runOnce(cleaning: Cleaning, batch: readonly string[], timeoutMs: number): Promise<void> {
  await changing(cleaning, timeoutMs, () => cleaning.session.run(inOrder(batch)));
}

/** One transaction of the cleaning, under the role's lock. The other locks are waited for only briefly. */
export async function changing(
  cleaning: Cleaning,
  timeoutMs: number,
  work: () => Promise<void>,
): Promise<void> {
  requireTime(cleaning);
  const { session, claim, waits } = cleaning;
  const waitMs = waits.timeouts < patientTimeouts ? timeoutMs : lockTimeoutImpatientMs;
  try {
    await inTransaction(session, async () => {
      if (!(await claim())) return;
      await session.run(sql`SET LOCAL lock_timeout = ${literal(`${integer(waitMs)}ms`)}`);
      await work();
    });
  } catch (error) {
    if (error instanceof Error && isLockTimeout(error)) {
      waits.timeouts += 1;
      waits.failure ??= error;
    }
    throw error;
  }
}

/** With the lock that took the time, if there was one, as its cause. */
function requireTime({ deadline, role, session, waits }: Cleaning): void {
  if (performance.now() < deadline) return;
  const left = `${role.name} left so many objects in database ${session.database}`;
  const more = "more than one attempt is needed; the next one continues";
  if (waits.failure === undefined) throw new OutOfTime("conflict", `${left} that ${more}`);
  throw new OutOfTime("conflict", `objects in database ${session.database} are locked: ${more}`, {
    cause: waits.failure,
  });
}

class OutOfTime extends EngineError {}
