import type { Catcher, Retrier, State } from "./definition.ts";

/** An error of a state, as Retry and Catch see it. `cause` is text, of a function's error the JSON text of its answer. */
export class StateFailure extends Error {
  readonly error: string;
  readonly causeText: string;

  constructor(error: string, causeText: string) {
    super(`${error}: ${causeText}`);
    this.name = "StateFailure";
    this.error = error;
    this.causeText = causeText;
  }
}

/** Errors that end an execution whatever its Retry and Catch say. */
const terminal = ["States.Runtime", "States.DataLimitExceeded"];

export function catcherFor(state: State, failure: StateFailure): Catcher | undefined {
  return state.Catch?.find((one) => isMatch(one.ErrorEquals, failure, state));
}

/** The retrier that is responsible for the failure, unless it has used up its attempts. */
export function retrierFor(
  state: State,
  failure: StateFailure,
  attempts: readonly number[],
): { index: number; retrier: Retrier; delayMs: number } | undefined {
  const retriers = state.Retry ?? [];
  const index = retriers.findIndex((one) => isMatch(one.ErrorEquals, failure, state));
  const retrier = retriers[index];
  const done = attempts[index] ?? 0;
  if (retrier === undefined || done >= (retrier.MaxAttempts ?? 3)) return undefined;
  const backoff = (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** done;
  const seconds = Math.min(backoff, retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY);
  const share = retrier.JitterStrategy === "FULL" ? Math.random() : 1;
  return { index, retrier, delayMs: Math.round(seconds * share * 1000) };
}

function isMatch(names: readonly string[], { error }: StateFailure, state: State): boolean {
  if (terminal.includes(error)) return false;
  return names.some(
    (name) =>
      name === error ||
      name === "States.ALL" ||
      (name === "States.TaskFailed" && state.Type === "Task" && error !== "States.Timeout"),
  );
}
