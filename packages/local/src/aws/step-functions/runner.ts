import type { Invoker } from "../lambda/invoker.ts";
import type { Clock } from "../server/clock.ts";
import type { Definition, Json } from "./definition.ts";
import type { ExecutionStore } from "./execution.store.ts";
import type { ExecutionRow, ExecutionStatus } from "./execution.ts";
import type { Run } from "./run.ts";
import { runStates } from "./run-states.ts";
import { StateFailure } from "./state-failure.ts";

type End = Pick<ExecutionRow, "output" | "error" | "cause">;

export interface Runner {
  /** Records the execution and sets it going. */
  start(execution: ExecutionRow): void;
  /** Ends a running execution from outside; one that has ended stays as it is. */
  abort(arn: string, end: End): void;
  /** Goes on with every execution that a former run of the machine left running. */
  resume(): void;
}

export function executionRunner(parts: {
  store: ExecutionStore;
  clock: Clock;
  lambda: Invoker;
  stop: AbortSignal;
}): Runner {
  const { store, clock } = parts;
  const running = new Map<string, AbortController>();
  parts.stop.addEventListener("abort", () => {
    for (const stopping of running.values()) stopping.abort(parts.stop.reason);
    running.clear();
  });

  function finish(arn: string, status: Exclude<ExecutionStatus, "RUNNING">, end: End): void {
    const execution = store.execution(arn);
    if (execution?.status !== "RUNNING" || parts.stop.aborted) return;
    const stoppedMs = clock.now();
    const [type, name] = endEvents[status];
    const ended = { type, atMs: stoppedMs, details: { name, values: end } };
    store.commit(
      store.addEvent(arn, ended),
      store.dropFrame(arn),
      store.putExecution({ ...execution, status, stoppedMs, ...end }),
    );
    running.get(arn)?.abort(new Error("the execution has ended"));
    running.delete(arn);
  }

  async function endAt(deadlineMs: number, arn: string, signal: AbortSignal): Promise<void> {
    // Aborted when the execution ended in time.
    const isDue = await clock.until(deadlineMs, signal).then(
      () => true,
      () => false,
    );
    if (isDue) finish(arn, "TIMED_OUT", { error: "States.Timeout" });
  }

  async function go(execution: ExecutionRow, signal: AbortSignal): Promise<void> {
    const { arn } = execution;
    const definition = definitionOf(store, execution.definition);
    const run: Run = { execution, store, clock, lambda: parts.lambda, signal };
    if (definition.TimeoutSeconds !== undefined) {
      const deadlineMs = execution.startedMs + definition.TimeoutSeconds * 1000;
      endAt(deadlineMs, arn, signal).catch(report);
    }
    try {
      const output = await runStates(run, definition, JSON.parse(execution.input) as Json);
      finish(arn, "SUCCEEDED", { output: JSON.stringify(output) });
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof StateFailure)) throw error;
      finish(arn, "FAILED", { error: error.error, cause: error.causeText });
    }
  }

  function set(execution: ExecutionRow): void {
    const stopping = new AbortController();
    running.set(execution.arn, stopping);
    go(execution, stopping.signal).catch(report);
  }

  return {
    start(execution) {
      const values = { input: execution.input, roleArn: execution.roleArn };
      store.commit(
        store.putExecution(execution),
        store.addEvent(execution.arn, {
          type: "ExecutionStarted",
          atMs: execution.startedMs,
          details: { name: "executionStartedEventDetails", values },
        }),
      );
      set(execution);
    },
    abort: (arn, end) => finish(arn, "ABORTED", end),
    resume() {
      for (const execution of store.executions()) {
        if (execution.status === "RUNNING" && !running.has(execution.arn)) set(execution);
      }
    },
  };
}

/** A defect here, or a full disk. The execution stays as recorded and goes on at the next start. */
function report(error: unknown): void {
  console.error("an execution has stopped", error);
}

const endEvents = {
  SUCCEEDED: ["ExecutionSucceeded", "executionSucceededEventDetails"],
  FAILED: ["ExecutionFailed", "executionFailedEventDetails"],
  TIMED_OUT: ["ExecutionTimedOut", "executionTimedOutEventDetails"],
  ABORTED: ["ExecutionAborted", "executionAbortedEventDetails"],
} as const;

/** Thousands of executions share one parsed definition. */
const parsed = new Map<string, Definition>();

function definitionOf(store: ExecutionStore, key: string): Definition {
  const known = parsed.get(key) ?? (JSON.parse(store.definition(key)) as Definition);
  parsed.set(key, known);
  return known;
}
