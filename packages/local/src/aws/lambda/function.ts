/** A function of this machine. Handlers are called as Lambda's Node 24 calls them, with nothing wrapped round. */
export interface LambdaFunction {
  /** Loads the module, once, at the first invocation; `environment` is in process.env while it loads. */
  readonly load: () => Promise<LambdaHandler>;
  readonly timeoutMs: number;
  /** Variables of this function alone. Modules read their environment when they load, as the application's do. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** How many invocations may run at once before the next is throttled; unlimited but for the account's limit. */
  readonly reservedConcurrency?: number | undefined;
}

/** `(event, context)`, or `(event, responseStream, context)` for one made by `awslambda.streamifyResponse`. */
export type LambdaHandler = (...parameters: never[]) => unknown;

export interface LambdaContext {
  readonly functionName: string;
  readonly functionVersion: "$LATEST";
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly awsRequestId: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly clientContext?: unknown;
  callbackWaitsForEmptyEventLoop: boolean;
  getRemainingTimeInMillis(): number;
}

/** What an invocation came to. `error` is set when the function, not the service, failed. */
export interface InvocationResult {
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
  readonly error?: FunctionError | undefined;
}

/** The error document that Lambda answers with and that Step Functions passes on as its Cause. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[] | undefined;
}

/** As the Node runtime writes what was thrown. */
export function describeThrown(thrown: unknown): FunctionError {
  if (thrown instanceof Error) {
    return {
      errorType: thrown.name,
      errorMessage: thrown.message,
      trace: (thrown.stack ?? "").split("\n"),
    };
  }
  return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
}

export function describeTimeout(requestId: string, timeoutMs: number): FunctionError {
  const seconds = (timeoutMs / 1000).toFixed(2);
  return {
    errorType: "Sandbox.Timedout",
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
  };
}
