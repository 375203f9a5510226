import type { Json, State } from "./definition.ts";
import { atPath, choiceOf, inputOf, outputOf, passedOn } from "./evaluate.ts";
import type { Frame } from "./execution.ts";
import { runBranches, runItems } from "./nested.ts";
import { contextOf, type Run, type Step } from "./run.ts";
import { StateFailure } from "./state-failure.ts";
import { runTask } from "./task.ts";

/** Does what a state is there for. Throws StateFailure. */
export async function workOf(run: Run, strand: string, state: State, frame: Frame): Promise<Step> {
  const raw = frame.input;
  const context = contextOf(run, frame);
  const input = await inputOf(state, raw, context);
  const next = state.Next;
  switch (state.Type) {
    case "Pass":
      return { output: await outputOf(state, raw, state.Result ?? input, context), next };
    case "Task":
      return { output: await outputOf(state, raw, await runTask(run, state, input, context), context), next };
    case "Parallel":
      return {
        output: await outputOf(state, raw, await runBranches(run, strand, state, input), context),
        next,
      };
    case "Map":
      return {
        output: await outputOf(state, raw, await runItems(run, strand, state, input, context), context),
        next,
      };
    case "Wait":
      await run.clock.until(await waitEndMs(state, frame, input, context), run.signal);
      return { output: await passedOn(state, input, context), next };
    case "Choice": {
      const chosen = await choiceOf(state, input, context);
      return { output: await passedOn(state, input, context), next: chosen };
    }
    case "Succeed":
      return { output: await passedOn(state, input, context), next: undefined };
    case "Fail": {
      const error =
        state.ErrorPath === undefined ? state.Error : await atPath(state.ErrorPath, input, context);
      const cause =
        state.CausePath === undefined ? state.Cause : await atPath(state.CausePath, input, context);
      throw new StateFailure(textOf(error), textOf(cause));
    }
  }
}

/** An absolute instant that a restart does not move: counted from when the state was entered. */
async function waitEndMs(
  state: State,
  frame: Frame,
  input: Json,
  context: ReturnType<typeof contextOf>,
): Promise<number> {
  const seconds =
    state.SecondsPath === undefined ? state.Seconds : await atPath(state.SecondsPath, input, context);
  if (seconds !== undefined) {
    if (typeof seconds === "number" && Number.isInteger(seconds) && seconds >= 0) {
      return frame.enteredMs + seconds * 1000;
    }
    throw new StateFailure("States.Runtime", "The Seconds of a Wait must be a whole number of zero or more.");
  }
  const text =
    state.TimestampPath === undefined ? state.Timestamp : await atPath(state.TimestampPath, input, context);
  const isTimestamp =
    typeof text === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const instantMs = isTimestamp ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(instantMs))
    throw new StateFailure("States.Runtime", "The Timestamp of a Wait must be as in RFC 3339.");
  return instantMs;
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? "").replace(/^""$/, "");
}
