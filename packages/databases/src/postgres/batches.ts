import { EngineError } from "../engine.ts";
import { inTransaction, type Session } from "./connection.ts";
import { sqlState, toEngineError } from "./failure.ts";
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
};

/** `failure` is the first of what failed alone, in a transaction of its own. */
export type BatchResult = { done: number; failure: Error | undefined };

/** Statements that stand around those of every batch, in its transaction. */
export type Around = { before: readonly string[]; after: readonly string[] };

/** Each object that a transaction changes costs a place in the server's table of locks until its end. */
const batchSize = 100;

/** Short: a batch that meets a lock is split, and what is locked waits alone, after everything else. */
const lockTimeoutMs = 300;
const lockTimeoutAloneMs = 1_500;

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
  for (let start = 0; start < statements.length; start += batchSize) {
    alone.push(...(await runBatch(run, statements.slice(start, start + batchSize), result)));
  }
  for (const statement of alone) {
    const failure = await refusalOf(() => run([statement], lockTimeoutAloneMs));
    if (failure === undefined) result.done += 1;
    result.failure ??= failure;
  }
  return result;
}

/** What the server refused; a connection that is gone, or our own deadline, is thrown. */
export async function refusalOf(work: () => Promise<void>): Promise<Error | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!(error instanceof Error) || sqlState(error) === undefined) throw error;
    if (toEngineError(error, "cleaning up").kind === "unreachable") throw error;
    return error;
  }
}

type Run = (batch: readonly string[], timeoutMs: number) => Promise<void>;

/** Returns the statements that failed with others and have to be tried alone. */
async function runBatch(run: Run, batch: readonly string[], result: BatchResult): Promise<readonly string[]> {
  const failure = await refusalOf(() => run(batch, lockTimeoutMs));
  if (failure === undefined) {
    result.done += batch.length;
    return [];
  }
  if (batch.length === 1) return batch;
  const middle = Math.ceil(batch.length / 2);
  return [
    ...(await runBatch(run, batch.slice(0, middle), result)),
    ...(await runBatch(run, batch.slice(middle), result)),
  ];
}

async function runOnce(cleaning: Cleaning, batch: readonly string[], timeoutMs: number): Promise<void> {
  requireTime(cleaning);
  const { session, claim } = cleaning;
  await inTransaction(session, async () => {
    if (!(await claim())) return;
    await session.run(sql`SET LOCAL lock_timeout = ${literal(`${integer(timeoutMs)}ms`)}`);
    await session.run(inOrder(batch));
  });
}

function requireTime({ deadline, role, session }: Cleaning): void {
  if (performance.now() < deadline) return;
  throw new EngineError(
    "conflict",
    `${role.name} left so many objects in database ${session.database} that more than one attempt is needed; the next one continues`,
  );
}
