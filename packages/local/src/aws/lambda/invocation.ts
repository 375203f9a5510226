import { randomUUID } from "node:crypto";
import { finished } from "node:stream/promises";
import { arnOf } from "../server/arn.ts";
import type { Clock } from "../server/clock.ts";
import {
  describeThrown,
  describeTimeout,
  type InvocationResult,
  type LambdaContext,
  type LambdaFunction,
  type LambdaHandler,
} from "./function.ts";
import { isStreaming, ResponseStream } from "./response-streams.ts";

/** 6 MB and a little, as Lambda counts an answer. */
const maximumAnswerBytes = 6_291_556;

export interface Invocation {
  readonly name: string;
  readonly requestId: string;
  readonly definition: LambdaFunction;
  readonly handler: () => Promise<LambdaHandler>;
  readonly event: unknown;
  readonly clientContext?: unknown;
  readonly clock: Clock;
}

/** Runs a handler to its end and gives its whole answer; a streaming handler's is collected. Never rejects. */
export async function runBuffered(invocation: Invocation): Promise<InvocationResult> {
  const { requestId } = invocation;
  const outcome = await withinTimeout(invocation, async (context, handler) => {
    if (!isStreaming(handler))
      return JSON.stringify((await call(handler, invocation.event, context)) ?? null);
    const stream = new ResponseStream();
    const chunks: Uint8Array[] = [];
    stream.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    await Promise.all([call(handler, invocation.event, stream, context), finished(stream)]);
    return Buffer.concat(chunks).toString("utf8");
  });
  if ("error" in outcome) return { requestId, payload: JSON.stringify(outcome.error), error: outcome.error };
  if (Buffer.byteLength(outcome.value) > maximumAnswerBytes) {
    const error = {
      errorType: "Function.ResponseSizeTooLarge",
      errorMessage: `Response payload size exceeded maximum allowed payload size (${maximumAnswerBytes} bytes).`,
    };
    return { requestId, payload: JSON.stringify(error), error };
  }
  return { requestId, payload: outcome.value };
}

/** Runs a handler that writes to `stream`; resolves when it has ended, with the error if there was one. Never rejects. */
export async function runStreaming(
  invocation: Invocation,
  stream: ResponseStream,
): Promise<InvocationResult["error"]> {
  const outcome = await withinTimeout(invocation, async (context, handler) => {
    if (isStreaming(handler)) {
      await Promise.all([call(handler, invocation.event, stream, context), finished(stream)]);
    } else {
      stream.end(JSON.stringify((await call(handler, invocation.event, context)) ?? null));
      await finished(stream);
    }
    return "";
  });
  // What has been written still goes out; the error follows it.
  if ("error" in outcome) stream.end();
  return "error" in outcome ? outcome.error : undefined;
}

/** What a handler that was not in time still does is lost, as it would be with its sandbox. */
async function withinTimeout(
  invocation: Invocation,
  work: (context: LambdaContext, handler: LambdaHandler) => Promise<string>,
): Promise<{ value: string } | { error: NonNullable<InvocationResult["error"]> }> {
  const { requestId, definition } = invocation;
  let timer: NodeJS.Timeout | undefined;
  try {
    // Loading is the init phase, which the function's own timeout does not count.
    const handler = await invocation.handler();
    const late = new Promise<{ error: NonNullable<InvocationResult["error"]> }>((resolve) => {
      timer = setTimeout(
        () => resolve({ error: describeTimeout(requestId, definition.timeoutMs) }),
        definition.timeoutMs,
      );
    });
    const done = work(contextOf(invocation), handler).then(
      (value) => ({ value }),
      (thrown: unknown) => ({ error: describeThrown(thrown) }),
    );
    return await Promise.race([done, late]);
  } catch (thrown) {
    return { error: describeThrown(thrown) };
  } finally {
    clearTimeout(timer);
  }
}

function contextOf({ name, requestId, definition, clientContext, clock }: Invocation): LambdaContext {
  const end = performance.now() + definition.timeoutMs;
  const day = new Date(clock.now()).toISOString().slice(0, 10).replaceAll("-", "/");
  return {
    functionName: name,
    functionVersion: "$LATEST",
    invokedFunctionArn: arnOf.function(name),
    memoryLimitInMB: "1024",
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: `${day}/[$LATEST]${randomUUID().replaceAll("-", "")}`,
    ...(clientContext === undefined ? {} : { clientContext }),
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(end - performance.now())),
  };
}

async function call(handler: LambdaHandler, ...parameters: unknown[]): Promise<unknown> {
  return await (handler as (...given: unknown[]) => unknown)(...parameters);
}
