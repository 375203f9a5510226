import type { Writable } from "node:stream";
import { Logger } from "@aws-lambda-powertools/logger";
import { instantOf } from "@daypass/core/kernel/clock.ts";
import type { Log } from "@daypass/core/kernel/context.ts";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import type { Invocation } from "../base-context.ts";
import { describeError, safeLog } from "../log.ts";

/** What every Lambda handler is wrapped in: a log that names the invocation and lets no secret through, and one line
 * for whatever is thrown, which goes on to Lambda as a failure without its message. */
export function shell<Event, Result>(
  name: string,
  handle: (event: Event, context: Context, invocation: Invocation) => Promise<Result>,
) {
  const logFor = logs(name);
  let isCold = true;
  return middy(async (event: Event, context: Context) => {
    const requestId = context.awsRequestId;
    const endsAt = instantOf(Date.now() + context.getRemainingTimeInMillis());
    return handle(event, context, { requestId, log: logFor(requestId), endsAt });
  })
    .before(({ context }) => {
      if (isCold) logFor(context.awsRequestId).info("cold start", { memoryMb: context.memoryLimitInMB });
      isCold = false;
    })
    .onError((request) => {
      logFor(request.context.awsRequestId).error("invocation failed", describeError(request.error));
      // Lambda and Step Functions keep what is thrown: only its class may leave.
      request.error = new InvocationFailure(request.error);
    });
}

/** The same round a handler that writes its answer to a stream. Once a part of it is sent, a failure can only break it
 * off. */
export function streamingShell<Event>(
  name: string,
  handle: (event: Event, stream: Writable, context: Context) => Promise<void>,
) {
  const logFor = logs(name);
  let isCold = true;
  return awslambda.streamifyResponse(async (event: Event, stream: Writable, context: Context) => {
    const log = logFor(context.awsRequestId);
    if (isCold) log.info("cold start", { memoryMb: context.memoryLimitInMB });
    isCold = false;
    try {
      await handle(event, stream, context);
    } catch (error) {
      log.error("invocation failed", describeError(error));
      throw new InvocationFailure(error);
    }
  });
}

/** A log of one function, each line with the id of its invocation or HTTP request. Several invocations may be under
 * way in one process, so nothing of them is kept in the logger itself. */
export function logs(name: string): (requestId: string) => Log {
  const logger = new Logger({ serviceName: name });
  return (requestId) => {
    // The logger keeps "message" for the line itself.
    const extra = ({ message: detail, ...fields }: Record<string, unknown>) => ({
      ...fields,
      ...(detail === undefined ? {} : { detail }),
      requestId,
    });
    return safeLog({
      info: (message, fields) => logger.info(message, extra(fields)),
      warn: (message, fields) => logger.warn(message, extra(fields)),
      error: (message, fields) => logger.error(message, extra(fields)),
    });
  };
}

class InvocationFailure extends Error {
  constructor(cause: unknown) {
    super("The log of this invocation says why.");
    this.name = cause instanceof Error ? cause.name : "Failure";
    this.stack = `${this.name}: ${this.message}`;
  }
}
