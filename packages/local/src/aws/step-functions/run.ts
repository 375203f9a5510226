import type { Invoker } from "../lambda/invoker.ts";
import type { Clock } from "../server/clock.ts";
import type { Change } from "../server/journal.ts";
import type { Json } from "./definition.ts";
import type { ExecutionStore } from "./execution.store.ts";
import type { EventRow, ExecutionRow } from "./execution.ts";
import { StateFailure } from "./state-failure.ts";

/** What the parts of a running execution share. */
export interface Run {
  readonly execution: ExecutionRow;
  readonly store: ExecutionStore;
  readonly clock: Clock;
  readonly lambda: Invoker;
  /** Aborted when the execution ends by other means, or the machine stops. */
  readonly signal: AbortSignal;
}

/** Step Functions passes at most this many bytes between states. */
const maximumDataBytes = 262_144;
const mostEvents = 25_000;

/** What a state came to; without `next` the execution ends. */
export interface Step {
  readonly output: Json;
  readonly next: string | undefined;
}

/** Commits unless the execution is over, so that nothing is recorded after its end. Throws the signal's reason. */
export function commit(run: Run, ...changes: readonly Change[]): void {
  run.signal.throwIfAborted();
  run.store.commit(...changes);
}

export function event(run: Run, type: string, name?: string, values: Record<string, unknown> = {}): Change {
  run.signal.throwIfAborted();
  const details = name === undefined ? undefined : { name, values };
  const row: EventRow = { type, atMs: run.clock.now(), details };
  return run.store.addEvent(run.execution.arn, row);
}

/** AWS fails an execution whose history is full; the last entry says so. */
export function refuseFullHistory(run: Run): void {
  if (run.store.eventCount(run.execution.arn) < mostEvents - 10) return;
  throw new StateFailure(
    "States.Runtime",
    `The execution reached the maximum number of history events (${mostEvents}).`,
  );
}

export function refuseLargeData(data: Json, state: string): void {
  if (Buffer.byteLength(JSON.stringify(data)) <= maximumDataBytes) return;
  throw new StateFailure(
    "States.DataLimitExceeded",
    `The state/task '${state}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}
