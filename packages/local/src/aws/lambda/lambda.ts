import { randomUUID } from "node:crypto";
import { AwsError } from "../server/aws-error.ts";
import type { Clock } from "../server/clock.ts";
import type { Journal } from "../server/journal.ts";
import type { Service, ServiceCall } from "../server/service.ts";
import { asynchronousInvocations } from "./asynchronous.ts";
import { eventMessage } from "./event-stream.ts";
import type { InvocationResult, LambdaFunction } from "./function.ts";
import { type Invocation, runBuffered, runStreaming } from "./invocation.ts";
import { loadedFunctions } from "./loaded-functions.ts";
import { installStreamingGlobal, ResponseStream } from "./response-streams.ts";

const maximumRequestBytes = 6_291_456;
const maximumAsynchronousBytes = 1_048_576;
const defaultAccountConcurrency = 1000;

export interface Lambda extends Service {
  /** A synchronous invocation by another service of this machine. Throws AwsError when Lambda itself refuses. */
  invoke(nameOrArn: string, payload: string): Promise<InvocationResult>;
  /** An asynchronous one: returns once the event is kept. */
  invokeLater(nameOrArn: string, payload: string): void;
  resume(): void;
}

export function lambda(options: {
  journal: Journal;
  clock: Clock;
  functions: Readonly<Record<string, LambdaFunction>>;
  accountConcurrency?: number | undefined;
  stop: AbortSignal;
}): Lambda {
  installStreamingGlobal();
  const { clock } = options;
  const functions = loadedFunctions(options.functions);
  const running = new Map<string, number>();
  const waiting = asynchronousInvocations(
    options.journal,
    clock,
    (id, name, payload) => invoke(name, payload, id),
    options.stop,
  );

  /** Takes a place among the concurrent invocations. Throws TooManyRequestsException when there is none. */
  function enter(name: string, definition: LambdaFunction): () => void {
    const here = running.get(name) ?? 0;
    const all = [...running.values()].reduce((sum, count) => sum + count, 0);
    const isReservedFull =
      definition.reservedConcurrency !== undefined && here >= definition.reservedConcurrency;
    if (isReservedFull || all >= (options.accountConcurrency ?? defaultAccountConcurrency)) {
      throw new AwsError("TooManyRequestsException", "Rate Exceeded.", 429, {
        Type: "User",
        Reason: isReservedFull
          ? "ReservedFunctionConcurrentInvocationLimitExceeded"
          : "ConcurrentInvocationLimitExceeded",
      });
    }
    running.set(name, here + 1);
    return () => running.set(name, (running.get(name) ?? 1) - 1);
  }

  function invocationOf(
    nameOrArn: string,
    payload: string,
    requestId: string,
    clientContext?: unknown,
  ): Invocation {
    const { name, definition } = functions.find(nameOrArn);
    const event = eventOf(payload);
    return {
      name,
      requestId,
      definition,
      handler: () => functions.handler(name),
      event,
      clientContext,
      clock,
    };
  }

  async function invoke(
    nameOrArn: string,
    payload: string,
    requestId: string,
    clientContext?: unknown,
  ): Promise<InvocationResult> {
    const invocation = invocationOf(nameOrArn, payload, requestId, clientContext);
    const leave = enter(invocation.name, invocation.definition);
    return await runBuffered(invocation).finally(leave);
  }

  function invokeLater(nameOrArn: string, payload: string, requestId: string): void {
    const { name } = functions.find(nameOrArn);
    eventOf(payload);
    waiting.accept(requestId, name, payload);
  }

  async function answerInvoke(call: ServiceCall): Promise<Response> {
    const type = call.headers.get("x-amz-invocation-type") ?? "RequestResponse";
    refuseLarge(call.body, type === "Event" ? maximumAsynchronousBytes : maximumRequestBytes);
    const name = call.path.FunctionName ?? "";
    refuseQualifier(call);
    const payload = textOf(call.body);
    const headers = { "x-amzn-requestid": call.requestId };
    switch (type) {
      case "DryRun":
        functions.find(name);
        return new Response(null, { status: 204, headers });
      case "Event":
        invokeLater(name, payload, call.requestId);
        return new Response(null, { status: 202, headers });
      case "RequestResponse": {
        const result = await invoke(name, payload, call.requestId, clientContextOf(call));
        return new Response(result.payload, {
          headers: {
            ...headers,
            "content-type": "application/json",
            "x-amz-executed-version": "$LATEST",
            ...(result.error === undefined ? {} : { "x-amz-function-error": "Unhandled" }),
          },
        });
      }
      default:
        throw new AwsError("InvalidParameterValueException", `${type} is not an invocation type.`);
    }
  }

  async function answerStream(call: ServiceCall): Promise<Response> {
    refuseLarge(call.body, maximumRequestBytes);
    refuseQualifier(call);
    const name = call.path.FunctionName ?? "";
    const invocation = invocationOf(name, textOf(call.body), call.requestId, clientContextOf(call));
    const leave = enter(invocation.name, invocation.definition);
    const stream = new ResponseStream();
    const ended = runStreaming(invocation, stream).finally(leave);
    return new Response(ReadableStream.from(frames(stream, ended)), {
      headers: {
        "content-type": "application/vnd.amazon.eventstream",
        "x-amzn-requestid": call.requestId,
        "x-amz-executed-version": "$LATEST",
      },
    });
  }

  return {
    handle: (call) => (call.operation === "Invoke" ? answerInvoke(call) : answerStream(call)),
    invoke: (nameOrArn, payload) => invoke(nameOrArn, payload, randomUUID()),
    invokeLater: (nameOrArn, payload) => invokeLater(nameOrArn, payload, randomUUID()),
    resume: () => waiting.resume(),
  };
}

/** Chunks as they are written, then the end with the error if there was one. A caller that leaves stops nothing. */
async function* frames(
  stream: ResponseStream,
  ended: Promise<InvocationResult["error"]>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunkFrames(stream);
    const error = await ended;
    const end =
      error === undefined ? {} : { ErrorCode: error.errorType, ErrorDetails: JSON.stringify(error) };
    yield eventMessage("InvokeComplete", "application/json", Buffer.from(JSON.stringify(end)));
  } finally {
    stream.resume();
  }
}

/** Ends quietly when the handler breaks its stream: the reason comes with the end of the invocation. */
async function* chunkFrames(stream: ResponseStream): AsyncGenerator<Uint8Array> {
  const chunks = stream.iterator({ destroyOnReturn: false });
  for (;;) {
    const next = await chunks.next().catch(() => undefined);
    if (next === undefined || next.done === true) return;
    yield eventMessage("PayloadChunk", "application/octet-stream", next.value as Uint8Array);
  }
}

function eventOf(payload: string): unknown {
  try {
    return payload === "" ? {} : JSON.parse(payload);
  } catch {
    throw new AwsError("InvalidRequestContentException", "Could not parse request body into json.", 400, {
      Type: "User",
    });
  }
}

function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw new AwsError("InvalidRequestContentException", "The request body is not UTF-8.", 400, {
      Type: "User",
    });
  }
}

function refuseLarge(body: Uint8Array, limitBytes: number): void {
  if (body.length <= limitBytes) return;
  throw new AwsError(
    "RequestTooLargeException",
    `Request must be smaller than ${limitBytes} bytes for the InvokeFunction operation`,
    413,
    { Type: "User" },
  );
}

function refuseQualifier(call: ServiceCall): void {
  const qualifier = call.query.get("Qualifier");
  if (qualifier === null || qualifier === "$LATEST") return;
  throw new AwsError("ResourceNotFoundException", "There are no versions or aliases on one machine.", 404);
}

function clientContextOf(call: ServiceCall): unknown {
  const encoded = call.headers.get("x-amz-client-context");
  if (encoded === null) return undefined;
  try {
    return JSON.parse(Buffer.from(encoded, "base64").toString("utf8"));
  } catch {
    throw new AwsError("InvalidRequestContentException", "The client context is not JSON in base64.");
  }
}
