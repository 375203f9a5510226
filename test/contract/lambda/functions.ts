import type { LambdaContext, LambdaFunction, LambdaHandler } from "@daypass/local/aws/lambda/function.ts";
import type { ResponseStream } from "@daypass/local/aws/lambda/response-streams.ts";

/** Lambda's global, as a handler's module finds it. */
const awslambda = (): {
  streamifyResponse<H extends LambdaHandler>(handler: H): H;
  HttpResponseStream: { from(stream: ResponseStream, metadata: unknown): ResponseStream };
} => (globalThis as unknown as { awslambda: ReturnType<typeof awslambda> }).awslambda;

class NoSuchAccount extends Error {
  override name = "NoSuchAccount";
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Functions that the suites of this folder and of Step Functions call. `calls` notes what reached them. */
export function contractFunctions() {
  const calls: { name: string; event: unknown; context: LambdaContext }[] = [];
  let failuresLeft = 0;

  const handlers: Record<string, LambdaHandler> = {
    echo: (event: unknown) => event,
    context: (_event: unknown, context: LambdaContext) => ({
      ...context,
      left: context.getRemainingTimeInMillis(),
    }),
    throws: (event: { text?: string }) => {
      throw new NoSuchAccount(event.text ?? "no such account");
    },
    rejects: async () => Promise.reject(new TypeError("rejected")),
    "throws-text": () => {
      // oxlint-disable-next-line only-throw-error -- what handlers of others may do
      throw "only text";
    },
    nothing: () => undefined,
    slow: async (event: { ms: number }) => {
      await pause(event.ms);
      return "late";
    },
    large: (event: { bytes: number }) => "x".repeat(event.bytes - 2),
    flaky: () => {
      if (failuresLeft > 0) {
        failuresLeft -= 1;
        throw new Error("not yet");
      }
      return "done";
    },
    environment: () => process.env.CONTRACT_VARIABLE ?? "unset",
  };

  const streaming: Record<
    string,
    (event: never, stream: ResponseStream, context: LambdaContext) => Promise<void>
  > = {
    "stream-three": async (event: { ms?: number }, stream) => {
      for (const part of ["one,", "two,", "three"]) {
        stream.write(part);
        await pause(event.ms ?? 0);
      }
      stream.end();
    },
    "stream-fails": async (_event: unknown, stream) => {
      stream.write("begun");
      await pause(10);
      throw new NoSuchAccount("broke off");
    },
    "stream-http": async (_event: unknown, stream) => {
      const out = awslambda().HttpResponseStream.from(stream, { statusCode: 201, headers: { "x-a": "b" } });
      out.write("body");
      out.end();
    },
    "stream-large": async (event: { megabytes: number }, stream) => {
      const megabyte = Buffer.alloc(1_048_576, "a");
      for (let i = 0; i < event.megabytes; i += 1) {
        if (!stream.write(megabyte)) await new Promise((resolve) => stream.once("drain", resolve));
      }
      stream.end();
    },
  };

  const noted = (name: string, handler: LambdaHandler): LambdaFunction => ({
    timeoutMs: 1_000,
    load: async () => (event: unknown, context: LambdaContext) => {
      calls.push({ name, event, context });
      return (handler as (event: unknown, context: LambdaContext) => unknown)(event, context);
    },
  });

  const functions: Record<string, LambdaFunction> = {
    ...Object.fromEntries(Object.entries(handlers).map(([name, handler]) => [name, noted(name, handler)])),
    ...Object.fromEntries(
      Object.entries(streaming).map(([name, handler]) => [
        name,
        { timeoutMs: 5_000, load: async () => awslambda().streamifyResponse(handler) },
      ]),
    ),
    one: { ...noted("one", handlers.slow ?? handlers.echo ?? (() => undefined)), reservedConcurrency: 1 },
    "loads-badly": {
      timeoutMs: 1_000,
      load: async () => Promise.reject(new SyntaxError("unexpected end")),
    },
    "own-environment": {
      timeoutMs: 1_000,
      environment: { CONTRACT_VARIABLE: "from its own environment" },
      load: async () => {
        const atLoad = process.env.CONTRACT_VARIABLE;
        return () => atLoad;
      },
    },
  };

  return {
    functions,
    calls,
    failNext(times: number) {
      failuresLeft = times;
    },
  };
}
