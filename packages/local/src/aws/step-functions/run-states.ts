import type { Definition, Json, State } from "./definition.ts";
import { outputOf } from "./evaluate.ts";
import type { Frame } from "./execution.ts";
import { commit, event, type Run, refuseFullHistory, refuseLargeData, type Step } from "./run.ts";
import { catcherFor, retrierFor, StateFailure } from "./state-failure.ts";
import { workOf } from "./state-work.ts";

/**
 * Runs an execution from where it was left, or from its start. Each state is on record, with its input, before it does
 * anything: after a crash it does it again. Throws StateFailure when a failure is not caught, and the signal's reason
 * when the execution is over.
 */
export async function runStates(run: Run, definition: Definition, input: Json): Promise<Json> {
  const { arn } = run.execution;

  function enter(name: string, given: Json): Frame {
    const state = stateOf(definition, name);
    const values = { name, input: JSON.stringify(given) };
    const frame: Frame = {
      state: name,
      input: given,
      enteredMs: run.clock.now(),
      attempts: (state.Retry ?? []).map(() => 0),
    };
    commit(
      run,
      event(run, `${state.Type}StateEntered`, "stateEnteredEventDetails", values),
      run.store.putFrame(arn, frame),
    );
    return frame;
  }

  let frame = run.store.frame(arn) ?? enter(definition.StartAt, input);
  for (;;) {
    const state = stateOf(definition, frame.state);
    if (frame.retryMs !== undefined) await run.clock.until(frame.retryMs, run.signal);
    const step = await attempt(run, state, frame);
    run.signal.throwIfAborted();
    if ("retry" in step) {
      frame = step.retry;
      commit(run, run.store.putFrame(arn, frame));
      continue;
    }
    const values = { name: frame.state, output: JSON.stringify(step.output) };
    commit(run, event(run, `${state.Type}StateExited`, "stateExitedEventDetails", values));
    if (step.next === undefined) return step.output;
    refuseFullHistory(run);
    frame = enter(step.next, step.output);
  }
}

/** One attempt at a state: its step, or the frame with which it is to be tried again. */
async function attempt(run: Run, state: State, frame: Frame): Promise<Step | { retry: Frame }> {
  try {
    const step = await workOf(run, state, frame);
    refuseLargeData(step.output, frame.state);
    return step;
  } catch (error) {
    if (!(error instanceof StateFailure)) throw error;
    run.signal.throwIfAborted();
    const again = retrierFor(state, error, frame.attempts);
    if (again !== undefined) {
      const attempts = frame.attempts.map((count, index) => (index === again.index ? count + 1 : count));
      return { retry: { ...frame, attempts, retryMs: run.clock.now() + again.delayMs } };
    }
    const catcher = catcherFor(state, error);
    if (catcher === undefined) throw error;
    const caught = { Error: error.error, Cause: error.causeText };
    return { output: outputOf(catcher, frame.input, caught), next: catcher.Next };
  }
}

function stateOf(definition: Definition, name: string): State {
  const state = Object.hasOwn(definition.States, name) ? definition.States[name] : undefined;
  if (state === undefined) throw new StateFailure("States.Runtime", `There is no state ${name}.`);
  return state;
}
