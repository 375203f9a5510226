import type { Writable } from "node:stream";
import { instantOf } from "@daypass/core/kernel/clock.ts";
import type { Log } from "@daypass/core/kernel/context.ts";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import type { Invocation } from "../base-context.ts";
import { readEnvironment } from "../environment.ts";
import { type Measured, writeLogLine, writeMetrics } from "../json-line.ts";
import { describeError, safeLog } from "../log.ts";

/** What a handler gets beside its event: also where it says what is to be counted. */
export type ShellInvocation = Invocation & { measure(values: Measured): void };

/** What every Lambda handler is wrapped in: a log that names the invocation and lets no secret through, and one line
 * for whatever is thrown, which goes on to Lambda as a failure without its message. */
export function shell<Event, Result>(
  name: string,
  handle: (event: Event, context: Context, invocation: ShellInvocation) => Promise<Result>,
) {
  const logFor = logs(name);
  const { stack } = readEnvironment(["stack"]);
  let isCold = true;
  return middy(async (event: Event, context: Context) => {
    const requestId = context.awsRequestId;
    const measure = (values: Measured) => writeMetrics({ service: name, stack, requestId }, values);
    const endsAt = instantOf(Date.now() + context.getRemainingTimeInMillis());
    return handle(event, context, { requestId, log: logFor(requestId), endsAt, measure });
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
 * way in one process, so nothing of them is kept. */
export function logs(name: string): (requestId: string) => Log {
  return (requestId) => {
    const line = (level: "INFO" | "WARN" | "ERROR") => (message: string, fields: Record<string, unknown>) => {
      // "message" is the line's own.
      const { message: detail, ...rest } = fields;
      writeLogLine(level, name, message, { ...rest, ...(detail === undefined ? {} : { detail }), requestId });
    };
    return safeLog({ info: line("INFO"), warn: line("WARN"), error: line("ERROR") });
  };
}

class InvocationFailure extends Error {
  constructor(cause: unknown) {
    super("The log of this invocation says why.");
    this.name = cause instanceof Error ? cause.name : "Failure";
    this.stack = `${this.name}: ${this.message}`;
  }
}
