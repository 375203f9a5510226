import type { Invoker } from "../lambda/invoker.ts";
import type { Clock } from "../server/clock.ts";
import type { Change } from "../server/journal.ts";
import type { Json, StatesBlock } from "./definition.ts";
import type { ContextObject } from "./evaluate.ts";
import type { ExecutionStore } from "./execution.store.ts";
import type { EventRow, ExecutionRow, Frame } from "./execution.ts";
import { StateFailure } from "./state-failure.ts";

/** What the parts of a running execution share. A nested strand has the same with a signal of its own. */
export interface Run {
  readonly execution: ExecutionRow;
  readonly store: ExecutionStore;
  readonly clock: Clock;
  readonly lambda: Invoker;
  /** Aborted when the execution ends by other means, or the machine stops. */
  readonly signal: AbortSignal;
  /** Runs the states of a branch or an item; here so that a state need not know the loop it is called from. */
  readonly runStrand: (run: Run, block: StatesBlock, strand: string, input: Json) => Promise<Json>;
  /** The item of a Map that this strand works on. */
  readonly map?: Json;
}

/** Step Functions passes at most this many bytes between states. */
const maximumDataBytes = 262_144;
const mostEvents = 25_000;

/** What a state came to; without `next` its strand ends. */
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

/** The object that `$$` reads. It is the same after a restart. */
export function contextOf(run: Run, frame: Frame): ContextObject {
  const { execution } = run;
  return {
    Execution: {
      Id: execution.arn,
      Input: JSON.parse(execution.input) as Json,
      Name: execution.name,
      RoleArn: execution.roleArn,
      StartTime: new Date(execution.startedMs).toISOString(),
      RedriveCount: 0,
    },
    State: {
      EnteredTime: new Date(frame.enteredMs).toISOString(),
      Name: frame.state,
      RetryCount: frame.attempts.reduce((sum, count) => sum + count, 0),
    },
    StateMachine: { Id: execution.machineArn, Name: execution.machineName },
    ...(run.map === undefined ? {} : { Map: run.map }),
  };
}
