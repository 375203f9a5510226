import type { Json, State } from "./definition.ts";
import { atPath, choiceOf, fromTemplate, isTimestamp, outputOf } from "./evaluate.ts";
import type { Frame } from "./execution.ts";
import type { Run, Step } from "./run.ts";
import { StateFailure } from "./state-failure.ts";
import { runTask } from "./task.ts";

/** Does what a state is there for. Throws StateFailure. */
export async function workOf(run: Run, state: State, frame: Frame): Promise<Step> {
  const raw = frame.input;
  const next = state.Next;
  switch (state.Type) {
    case "Pass":
      return { output: outputOf(state, raw, inputOf(state, raw)), next };
    case "Task":
      return { output: outputOf(state, raw, await runTask(run, state, inputOf(state, raw))), next };
    case "Wait":
      await run.clock.until(waitEndMs(state, frame), run.signal);
      return { output: raw, next };
    case "Choice":
      return { output: raw, next: choiceOf(state, raw) };
    case "Succeed":
      return { output: raw, next: undefined };
    case "Fail":
      throw new StateFailure(state.Error ?? "", state.Cause ?? "");
  }
}

function inputOf(state: State, raw: Json): Json {
  return state.Parameters === undefined ? raw : fromTemplate(state.Parameters, raw);
}

/** An absolute instant that a restart does not move: counted from when the state was entered. */
function waitEndMs(state: State, frame: Frame): number {
  if (state.Seconds !== undefined) return frame.enteredMs + state.Seconds * 1000;
  const instant = atPath(state.TimestampPath ?? "$", frame.input);
  if (isTimestamp(instant)) return Date.parse(instant);
  throw new StateFailure("States.Runtime", "The Timestamp of a Wait must be as in RFC 3339.");
}
