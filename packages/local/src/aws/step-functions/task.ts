import type { InvocationResult } from "../lambda/function.ts";
import { region } from "../server/arn.ts";
import { AwsError } from "../server/aws-error.ts";
import type { Json, State } from "./definition.ts";
import { lambdaInvoke } from "./definition.ts";
import { atPath, type ContextObject } from "./evaluate.ts";
import { commit, event, type Run } from "./run.ts";
import { StateFailure } from "./state-failure.ts";

/** Calls the function of a Task. Throws StateFailure with the name and cause that AWS would give. */
export async function runTask(run: Run, state: State, input: Json, context: ContextObject): Promise<Json> {
  const isDirect = state.Resource !== lambdaInvoke;
  const record = isDirect ? directEvents(run, state.Resource ?? "", input) : integrationEvents(run, input);
  commit(run, ...record.begin());
  try {
    const timeoutMs = await timeoutMsOf(state, input, context);
    const output = await withinTimeout(
      timeoutMs,
      isDirect ? direct(run, state, input) : integration(run, input),
    );
    commit(run, record.succeeded(output));
    return output;
  } catch (error) {
    if (error instanceof StateFailure) commit(run, record.failed(error));
    throw error;
  }
}

async function direct(run: Run, state: State, input: Json): Promise<Json> {
  return payloadOf(await invoke(run, state.Resource ?? "", input));
}

/** `arn:aws:states:::lambda:invoke`: the parameters of the Invoke operation in, its answer out. */
async function integration(run: Run, parameters: Json): Promise<Json> {
  const given = (parameters ?? {}) as { FunctionName?: Json; Payload?: Json; InvocationType?: Json };
  const { FunctionName: name, Payload: payload = {}, InvocationType: type = "RequestResponse" } = given;
  if (typeof name !== "string") throw new StateFailure("States.Runtime", "FunctionName must be text.");
  if (type === "Event") {
    try {
      await run.lambda.invokeLater(name, JSON.stringify(payload));
    } catch (error) {
      throw serviceFailure(error);
    }
    return { ExecutedVersion: "$LATEST", Payload: "", StatusCode: 202 };
  }
  if (type !== "RequestResponse")
    throw new StateFailure("States.Runtime", `InvocationType ${JSON.stringify(type)} is unknown.`);
  const result = await invoke(run, name, payload);
  return { ExecutedVersion: "$LATEST", Payload: payloadOf(result), StatusCode: 200 };
}

async function invoke(run: Run, name: string, payload: Json): Promise<InvocationResult> {
  try {
    return await run.lambda.invoke(name, JSON.stringify(payload));
  } catch (error) {
    throw serviceFailure(error);
  }
}

/** The function's own error keeps its name; its whole answer is the cause. */
function payloadOf(result: InvocationResult): Json {
  if (result.error === undefined) return JSON.parse(result.payload) as Json;
  throw new StateFailure(
    result.error.errorType === "" ? "Lambda.Unknown" : result.error.errorType,
    result.payload,
  );
}

/** An error of Lambda itself carries the service's name. */
function serviceFailure(error: unknown): unknown {
  if (!(error instanceof AwsError)) return error;
  const name = error.status >= 500 ? "Lambda.ServiceException" : `Lambda.${error.code}`;
  return new StateFailure(name, `${error.message} (Service: Lambda, Status Code: ${error.status})`);
}

/** Undefined: as long as the function itself may take. */
async function timeoutMsOf(state: State, input: Json, context: ContextObject): Promise<number | undefined> {
  const path = state.TimeoutSecondsPath;
  const seconds = path === undefined ? state.TimeoutSeconds : await atPath(path, input, context);
  if (seconds === undefined) return undefined;
  if (typeof seconds === "number" && Number.isInteger(seconds) && seconds > 0) return seconds * 1000;
  throw new StateFailure("States.Runtime", "TimeoutSeconds must be a whole number above zero.");
}

/** No function runs for 24 days, so the longest delay of a timer is as good as none. */
const longestDelayMs = 2 ** 31 - 1;

async function withinTimeout<T>(timeoutMs: number | undefined, work: Promise<T>): Promise<T> {
  if (timeoutMs === undefined) return await work;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new StateFailure("States.Timeout", "")),
      Math.min(timeoutMs, longestDelayMs),
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    // What fails after the timeout has nobody to tell.
    work.catch(() => undefined);
  }
}

function directEvents(run: Run, resource: string, input: Json) {
  return {
    begin: () => [
      event(run, "LambdaFunctionScheduled", "lambdaFunctionScheduledEventDetails", {
        resource,
        input: JSON.stringify(input),
      }),
      event(run, "LambdaFunctionStarted"),
    ],
    succeeded: (output: Json) =>
      event(run, "LambdaFunctionSucceeded", "lambdaFunctionSucceededEventDetails", {
        output: JSON.stringify(output),
      }),
    failed: (failure: StateFailure) =>
      failure.error === "States.Timeout"
        ? event(run, "LambdaFunctionTimedOut", "lambdaFunctionTimedOutEventDetails", { error: failure.error })
        : event(run, "LambdaFunctionFailed", "lambdaFunctionFailedEventDetails", {
            error: failure.error,
            cause: failure.causeText,
          }),
  };
}

function integrationEvents(run: Run, parameters: Json) {
  const task = { resourceType: "lambda", resource: "invoke" };
  return {
    begin: () => [
      event(run, "TaskScheduled", "taskScheduledEventDetails", {
        ...task,
        region,
        parameters: JSON.stringify(parameters),
      }),
      event(run, "TaskStarted", "taskStartedEventDetails", task),
    ],
    succeeded: (output: Json) =>
      event(run, "TaskSucceeded", "taskSucceededEventDetails", { ...task, output: JSON.stringify(output) }),
    failed: (failure: StateFailure) =>
      failure.error === "States.Timeout"
        ? event(run, "TaskTimedOut", "taskTimedOutEventDetails", { ...task, error: failure.error })
        : event(run, "TaskFailed", "taskFailedEventDetails", {
            ...task,
            error: failure.error,
            cause: failure.causeText,
          }),
  };
}
