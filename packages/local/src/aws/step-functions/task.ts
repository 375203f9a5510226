import type { InvocationResult } from "../lambda/function.ts";
import { AwsError } from "../server/aws-error.ts";
import type { Json, State } from "./definition.ts";
import { commit, event, type Run } from "./run.ts";
import { StateFailure } from "./state-failure.ts";

/** Calls the function of a Task. Throws StateFailure with the name and cause that AWS would give. */
export async function runTask(run: Run, state: State, input: Json): Promise<Json> {
  const resource = state.Resource ?? "";
  commit(
    run,
    event(run, "LambdaFunctionScheduled", "lambdaFunctionScheduledEventDetails", {
      resource,
      input: JSON.stringify(input),
    }),
    event(run, "LambdaFunctionStarted"),
  );
  try {
    const output = await withinTimeout(state.TimeoutSeconds, invoke(run, resource, input));
    const values = { output: JSON.stringify(output) };
    commit(run, event(run, "LambdaFunctionSucceeded", "lambdaFunctionSucceededEventDetails", values));
    return output;
  } catch (error) {
    if (error instanceof StateFailure) commit(run, failed(run, error));
    throw error;
  }
}

async function invoke(run: Run, resource: string, input: Json): Promise<Json> {
  let result: InvocationResult;
  try {
    result = await run.lambda.invoke(resource, JSON.stringify(input));
  } catch (error) {
    throw serviceFailure(error);
  }
  if (result.error === undefined) return JSON.parse(result.payload) as Json;
  // The function's own error keeps its name; its whole answer is the cause.
  const { errorType } = result.error;
  throw new StateFailure(errorType === "" ? "Lambda.Unknown" : errorType, result.payload);
}

/** An error of Lambda itself carries the service's name. */
function serviceFailure(error: unknown): unknown {
  if (!(error instanceof AwsError)) return error;
  const name = error.status >= 500 ? "Lambda.ServiceException" : `Lambda.${error.code}`;
  return new StateFailure(name, `${error.message} (Service: Lambda, Status Code: ${error.status})`);
}

/** No function runs for 24 days, so the longest delay of a timer is as good as none. */
const longestDelayMs = 2 ** 31 - 1;

/** Without a timeout a task may take as long as the function itself may. */
async function withinTimeout<T>(seconds: number | undefined, work: Promise<T>): Promise<T> {
  if (seconds === undefined) return await work;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new StateFailure("States.Timeout", "")),
      Math.min(seconds * 1000, longestDelayMs),
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    // Nobody is left to hear of a failure after the timeout.
    work.catch(() => undefined);
  }
}

function failed(run: Run, { error, causeText }: StateFailure) {
  return error === "States.Timeout"
    ? event(run, "LambdaFunctionTimedOut", "lambdaFunctionTimedOutEventDetails", { error })
    : event(run, "LambdaFunctionFailed", "lambdaFunctionFailedEventDetails", { error, cause: causeText });
}
