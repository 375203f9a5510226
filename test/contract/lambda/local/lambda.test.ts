import {
  InvokeCommand,
  type InvokeCommandInput,
  InvokeWithResponseStreamCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { type MovableClock, machineClock } from "@daypass/local/aws/server/clock.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AwsUnderTest, awsUnderTest } from "../../aws/aws-under-test.ts";
import { contractFunctions } from "../functions.ts";

let aws: AwsUnderTest;
let client: LambdaClient;
let clock: MovableClock;
const contract = contractFunctions();
const { functions, calls } = contract;
beforeAll(async () => {
  clock = machineClock();
  aws = await awsUnderTest("LAMBDA", { functions, clock });
  client = new LambdaClient({ ...aws.client("LAMBDA"), maxAttempts: 1 });
});
afterAll(() => aws.close());

async function invoke(FunctionName: string, event?: unknown, more: Partial<InvokeCommandInput> = {}) {
  const Payload = event === undefined ? undefined : Buffer.from(JSON.stringify(event));
  const answer = await client.send(
    new InvokeCommand({ FunctionName, ...(Payload ? { Payload } : {}), ...more }),
  );
  const text = answer.Payload?.transformToString() ?? "";
  return { ...answer, text, value: text === "" ? undefined : (JSON.parse(text) as unknown) };
}

describe("invoking", () => {
  test("the event goes in and the answer comes out, as JSON", async () => {
    const event = { a: [1, "ü", null] };
    const answer = await invoke("echo", event);
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST", value: event });
    expect(answer.FunctionError).toBeUndefined();
    expect((await invoke("echo")).value).toEqual({});
    expect((await invoke("nothing")).text).toBe("null");
  });

  test("a function is found by name, version, partial and whole ARN", async () => {
    const arn = "arn:aws:lambda:us-east-1:123456789012:function:echo";
    for (const name of ["echo:$LATEST", "123456789012:function:echo", arn, `${arn}:$LATEST`]) {
      expect((await invoke(name, 1)).value).toBe(1);
    }
  });

  test("the context tells the function who it is and how long it has", async () => {
    const answer = await invoke("context");
    expect(answer.value).toMatchObject({
      functionName: "context",
      functionVersion: "$LATEST",
      invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:context",
      logGroupName: "/aws/lambda/context",
      awsRequestId: answer.$metadata.requestId,
    });
    const { left } = answer.value as { left: number };
    expect(left).toBeGreaterThan(500);
    expect(left).toBeLessThanOrEqual(1_000);
  });

  test("what a function throws is an answer with its name, message and trace", async () => {
    const thrown = await invoke("throws", { text: "gone" });
    expect(thrown).toMatchObject({ StatusCode: 200, FunctionError: "Unhandled" });
    expect(thrown.value).toMatchObject({ errorType: "NoSuchAccount", errorMessage: "gone" });
    expect((thrown.value as { trace: string[] }).trace[0]).toContain("gone");
    expect((await invoke("rejects")).value).toMatchObject({
      errorType: "TypeError",
      errorMessage: "rejected",
    });
    expect((await invoke("throws-text")).value).toMatchObject({
      errorType: "string",
      errorMessage: "only text",
    });
    expect((await invoke("loads-badly")).value).toMatchObject({ errorType: "SyntaxError" });
  });

  test("a function that takes too long is ended with a timeout", async () => {
    const answer = await invoke("slow", { ms: 3_000 });
    expect(answer.FunctionError).toBe("Unhandled");
    expect(answer.value).toMatchObject({
      errorType: "Sandbox.Timedout",
      errorMessage: expect.stringMatching(/Task timed out after 1\.00 seconds$/),
    });
  });

  test("an unknown function, an unknown version and an event that is not JSON are refused", async () => {
    const missing = { name: "ResourceNotFoundException", $metadata: { httpStatusCode: 404 } };
    await expect(invoke("no-such-function")).rejects.toMatchObject(missing);
    await expect(invoke("echo", 1, { Qualifier: "7" })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
    await expect(invoke("echo", undefined, { Payload: Buffer.from("{") })).rejects.toMatchObject({
      name: "InvalidRequestContentException",
    });
  });

  test("6 MB fit and more is refused, in both directions", async () => {
    await expect(invoke("nothing", "x".repeat(6_291_454))).resolves.toMatchObject({ text: "null" });
    await expect(invoke("nothing", "x".repeat(6_291_455))).rejects.toMatchObject({
      name: "RequestTooLargeException",
      $metadata: { httpStatusCode: 413 },
    });
    expect((await invoke("large", { bytes: 6_291_556 })).text).toHaveLength(6_291_556);
    expect((await invoke("large", { bytes: 6_291_557 })).value).toMatchObject({
      errorType: "Function.ResponseSizeTooLarge",
    });
  });

  test("a dry run checks and does not call", async () => {
    const before = calls.length;
    expect((await invoke("echo", 1, { InvocationType: "DryRun" })).StatusCode).toBe(204);
    await expect(invoke("none", 1, { InvocationType: "DryRun" })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
    expect(calls).toHaveLength(before);
  });

  test("beyond the reserved concurrency calls are throttled, and pass once a place is free", async () => {
    const first = invoke("one", { ms: 200 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expect(invoke("one", { ms: 1 })).rejects.toMatchObject({
      name: "TooManyRequestsException",
      $metadata: { httpStatusCode: 429 },
      Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
    });
    await first;
    expect((await invoke("one", { ms: 1 })).value).toBe("late");
  });

  test("a function's own environment is there while its module loads, and for it alone", async () => {
    expect((await invoke("own-environment")).value).toBe("from its own environment");
    expect((await invoke("environment")).value).toBe("unset");
  });
});

describe("invoking asynchronously", () => {
  const flakyCalls = () => calls.filter((one) => one.name === "flaky");

  test("the answer comes before the work, and a failure is tried again after one and two minutes", async () => {
    contract.failNext(2);
    const { length } = flakyCalls();
    const answer = await invoke("flaky", { a: 1 }, { InvocationType: "Event" });
    expect(answer).toMatchObject({ StatusCode: 202, text: "" });
    await expect.poll(() => flakyCalls().length).toBe(length + 1);
    clock.advance(59_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(flakyCalls()).toHaveLength(length + 1);
    clock.advance(2_000);
    await expect.poll(() => flakyCalls().length).toBe(length + 2);
    await new Promise((resolve) => setTimeout(resolve, 50));
    clock.advance(121_000);
    await expect.poll(() => flakyCalls().length).toBe(length + 3);
    const ids = flakyCalls()
      .slice(length)
      .map((one) => one.context.awsRequestId);
    expect(new Set(ids).size).toBe(1);
  });

  test("after three attempts it is given up", async () => {
    contract.failNext(10);
    const { length } = flakyCalls();
    await invoke("flaky", {}, { InvocationType: "Event" });
    for (let i = 1; i <= 5; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      clock.advance(600_000);
    }
    expect(flakyCalls()).toHaveLength(length + 3);
    contract.failNext(0);
  });

  test("an unknown function and more than 1 MB are refused at once", async () => {
    const Event = { InvocationType: "Event" as const };
    await expect(invoke("none", {}, Event)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await expect(invoke("echo", "x".repeat(1_048_576), Event)).rejects.toMatchObject({
      name: "RequestTooLargeException",
    });
  });
});

describe("streaming", () => {
  async function stream(FunctionName: string, event: unknown = {}) {
    const Payload = Buffer.from(JSON.stringify(event));
    const answer = await client.send(new InvokeWithResponseStreamCommand({ FunctionName, Payload }));
    const chunks: string[] = [];
    const times: number[] = [];
    let end: { ErrorCode?: string | undefined; ErrorDetails?: string | undefined } | undefined;
    for await (const part of answer.EventStream ?? []) {
      if (part.PayloadChunk?.Payload) {
        chunks.push(Buffer.from(part.PayloadChunk.Payload).toString("utf8"));
        times.push(performance.now());
      }
      if (part.InvokeComplete) end = part.InvokeComplete;
    }
    return { chunks, times, end, statusCode: answer.StatusCode };
  }

  test("chunks arrive as they are written", async () => {
    await stream("stream-three");
    const { chunks, times, end } = await stream("stream-three", { ms: 300 });
    expect(chunks).toEqual(["one,", "two,", "three"]);
    expect((times[2] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(300);
    expect(end?.ErrorCode).toBeUndefined();
  });

  test("what was written before an error arrives, and the end names the error", async () => {
    const { chunks, end } = await stream("stream-fails");
    expect(chunks.join("")).toBe("begun");
    expect(end?.ErrorCode).toBe("NoSuchAccount");
    expect(JSON.parse(end?.ErrorDetails ?? "")).toMatchObject({
      errorType: "NoSuchAccount",
      errorMessage: "broke off",
    });
  });

  test("status and headers of an HTTP answer come before its body, parted by eight zero bytes", async () => {
    const { chunks } = await stream("stream-http");
    const [prelude = "", body] = chunks.join("").split("\0".repeat(8));
    expect(JSON.parse(prelude)).toEqual({ statusCode: 201, headers: { "x-a": "b" } });
    expect(body).toBe("body");
  });

  test("a stream may be larger than an answer, and is not held in memory", async () => {
    const { chunks } = await stream("stream-large", { megabytes: 40 });
    expect(chunks.reduce((sum, chunk) => sum + chunk.length, 0)).toBe(40 * 1_048_576);
  });

  test("a plain function streams its answer in one piece, and a streaming one can be called plainly", async () => {
    expect((await stream("echo", { a: 1 })).chunks).toEqual(['{"a":1}']);
    const Payload = Buffer.from("{}");
    const plain = await client.send(new InvokeCommand({ FunctionName: "stream-three", Payload }));
    expect(plain.Payload?.transformToString()).toBe("one,two,three");
  });

  test("an unknown function is refused before anything is streamed", async () => {
    await expect(stream("none")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});
