import { AwsError, asAwsError } from "../server/aws-error.ts";
import type { Clock } from "../server/clock.ts";
import type { Journal } from "../server/journal.ts";
import type { InvocationResult } from "./function.ts";

/** An accepted asynchronous invocation that has not succeeded yet. */
interface Waiting {
  readonly name: string;
  /** JSON text. */
  readonly payload: string;
  readonly acceptedMs: number;
  readonly failures: number;
  readonly nextMs: number;
}

export interface AsynchronousInvocations {
  /** Accepted means kept: it survives a crash and runs at least once. */
  accept(id: string, name: string, payload: string): void;
  /** Goes on with what a former run of the machine left behind. */
  resume(): void;
}

/** Lambda tries again one minute and then two minutes after the failure, and drops an event after six hours. */
const retryAfterMs = [60_000, 120_000];
const longestAgeMs = 6 * 3_600_000;
const afterThrottleMs = 1_000;

export function asynchronousInvocations(
  journal: Journal,
  clock: Clock,
  run: (id: string, name: string, payload: string) => Promise<InvocationResult>,
  stop: AbortSignal,
): AsynchronousInvocations {
  const table = journal.table<Waiting>("asynchronous");

  async function work(id: string): Promise<void> {
    for (let one = table.get(id); one !== undefined; one = table.get(id)) {
      await clock.until(one.nextMs, stop);
      const next = after(one, await run(id, one.name, one.payload).catch(asAwsError));
      if (stop.aborted) return;
      if (next === undefined) journal.commitAndErase(table.drop(id));
      else journal.commit(table.put(id, next));
    }
  }

  /** Undefined once there is nothing more to do. Being throttled is not a failure of the function. */
  function after(one: Waiting, result: InvocationResult | AwsError): Waiting | undefined {
    const now = clock.now();
    if (result instanceof AwsError) {
      const isWorthIt = result.status === 429 || result.status >= 500;
      const isYoung = now - one.acceptedMs < longestAgeMs;
      return isWorthIt && isYoung ? { ...one, nextMs: now + afterThrottleMs } : undefined;
    }
    const waitMs = result.error === undefined ? undefined : retryAfterMs[one.failures];
    if (waitMs === undefined) return undefined;
    return { ...one, failures: one.failures + 1, nextMs: now + waitMs };
  }

  function start(id: string): void {
    work(id).catch((error: unknown) => {
      if (!stop.aborted) console.error(`asynchronous invocation ${id} was lost`, error);
    });
  }

  return {
    accept(id, name, payload) {
      const now = clock.now();
      journal.commit(table.put(id, { name, payload, acceptedMs: now, failures: 0, nextMs: now }));
      start(id);
    },
    resume() {
      for (const [id] of table.entries()) start(id);
    },
  };
}
