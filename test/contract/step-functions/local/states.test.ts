import { SFNClient } from "@aws-sdk/client-sfn";
import { type MovableClock, machineClock } from "@daypass/local/aws/server/clock.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AwsUnderTest, awsUnderTest } from "../../aws/aws-under-test.ts";
import { contractFunctions } from "../../lambda/functions.ts";
import { functionArn, machinesOf } from "../machines.ts";

let aws: AwsUnderTest;
let clock: MovableClock;
let machines: ReturnType<typeof machinesOf>;
const contract = contractFunctions();
const { functions, calls } = contract;
beforeAll(async () => {
  clock = machineClock();
  aws = await awsUnderTest("SFN", { functions, clock });
  machines = machinesOf(new SFNClient(aws.client("SFN")));
});
afterAll(() => aws.close());

const task = (name: string, more: object = {}) => ({
  StartAt: "T",
  States: {
    T: { Type: "Task", Resource: functionArn(name), End: true, ...more },
    Caught: { Type: "Pass", End: true },
  },
});
/** Without the state that only a Catch leads to, which AWS would call unreachable. */
const plain = (name: string, more: object = {}) => ({
  StartAt: "T",
  States: { T: { Type: "Task", Resource: functionArn(name), End: true, ...more } },
});
const day = 86_400_000;

describe("tasks", () => {
  test("a function gets the state's input, and its answer is the output", async () => {
    expect(await machines.outputOf(plain("echo"), { a: 1 })).toEqual({ a: 1 });
  });

  test("parameters and result path shape what goes in and out", async () => {
    const definition = plain("echo", {
      Parameters: { id: "x", "n.$": "$.in.n", more: [{ "next.$": "States.MathAdd($.in.n, 1)" }] },
      ResultPath: "$.results.first",
    });
    expect(await machines.outputOf(definition, { in: { n: 5 } })).toEqual({
      in: { n: 5 },
      results: { first: { id: "x", n: 5, more: [{ next: 6 }] } },
    });
    const kept = plain("echo", { Parameters: { id: "x" }, ResultPath: null });
    expect(await machines.outputOf(kept, { in: 1 })).toEqual({ in: 1 });
  });

  test("a path that is not in the input fails the state, and a catcher takes it", async () => {
    const missing = await machines.ended(
      await machines.start(await machines.make(plain("echo", { Parameters: { "n.$": "$.none" } }))),
    );
    expect(missing).toMatchObject({ status: "FAILED", error: "States.ParameterPathFailure" });
    const definition = task("echo", {
      Parameters: { "n.$": "$.none" },
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: null, Next: "Caught" }],
    });
    expect(await machines.outputOf(definition, { a: 1 })).toEqual({ a: 1 });
  });

  test("what a function throws is the error by its name, with its whole answer as the cause", async () => {
    const arn = await machines.start(await machines.make(plain("throws")), { text: "gone" });
    const execution = await machines.ended(arn);
    expect(execution).toMatchObject({ status: "FAILED", error: "NoSuchAccount" });
    expect(JSON.parse(execution.cause ?? "")).toMatchObject({
      errorType: "NoSuchAccount",
      errorMessage: "gone",
      trace: expect.any(Array),
    });
    const types = (await machines.history(arn)).map((event) => event.type);
    expect(types).toEqual([
      "ExecutionStarted",
      "TaskStateEntered",
      "LambdaFunctionScheduled",
      "LambdaFunctionStarted",
      "LambdaFunctionFailed",
      "ExecutionFailed",
    ]);
  });

  test("a caught error goes on where the catcher says, beside the input", async () => {
    const definition = task("throws", {
      Catch: [{ ErrorEquals: ["NoSuchAccount"], ResultPath: "$.error", Next: "Caught" }],
    });
    const output = (await machines.outputOf(definition, { text: "gone" })) as { error: { Cause: string } };
    expect(output).toMatchObject({ text: "gone", error: { Error: "NoSuchAccount" } });
    expect(JSON.parse(output.error.Cause)).toMatchObject({ errorMessage: "gone" });
  });

  test("a timeout of the state is States.Timeout, of the function Sandbox.Timedout", async () => {
    const short = plain("slow", { TimeoutSeconds: 1 });
    functions.slow = { ...(functions.slow ?? { load: async () => () => 0 }), timeoutMs: 1_000 };
    const byFunction = await machines.ended(
      await machines.start(await machines.make(plain("slow")), { ms: 4_000 }),
    );
    expect(byFunction).toMatchObject({ status: "FAILED", error: "Sandbox.Timedout" });
    functions.slow = { ...functions.slow, timeoutMs: 10_000 };
    const byState = await machines.ended(await machines.start(await machines.make(short), { ms: 4_000 }));
    expect(byState).toMatchObject({ status: "FAILED", error: "States.Timeout" });
    const notTaskFailed = task("slow", {
      TimeoutSeconds: 1,
      Catch: [{ ErrorEquals: ["States.TaskFailed"], Next: "Caught" }],
    });
    const passedBy = await machines.ended(
      await machines.start(await machines.make(notTaskFailed), { ms: 4_000 }),
    );
    expect(passedBy.status).toBe("FAILED");
  });

  test("an unknown function and a throttled one are errors of Lambda", async () => {
    const missing = await machines.ended(await machines.start(await machines.make(plain("none"))));
    expect(missing).toMatchObject({ status: "FAILED", error: "Lambda.ResourceNotFoundException" });
    aws.ours?.faults.set("lambda", [{ fault: "throttling", operations: ["Invoke"], times: 1 }]);
    const definition = task("echo", {
      Catch: [{ ErrorEquals: ["Lambda.TooManyRequestsException"], ResultPath: "$.error", Next: "Caught" }],
    });
    expect(await machines.outputOf(definition)).toMatchObject({
      error: { Error: "Lambda.TooManyRequestsException" },
    });
  });

  test("a result of more than 256 KiB fails, and no catcher takes it", async () => {
    const definition = task("large", { Catch: [{ ErrorEquals: ["States.ALL"], Next: "Caught" }] });
    const execution = await machines.ended(
      await machines.start(await machines.make(definition), { bytes: 262_145 }),
    );
    expect(execution).toMatchObject({ status: "FAILED", error: "States.DataLimitExceeded" });
    expect(await machines.outputOf(definition, { bytes: 262_144 })).toHaveLength(262_142);
  });
});

describe("retries", () => {
  const retried = (more: object) =>
    plain("flaky", {
      Retry: [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 100, BackoffRate: 2, ...more }],
    });
  const made = () => calls.filter((one) => one.name === "flaky").length;

  test("they come after growing intervals, and then the state succeeds", async () => {
    contract.failNext(2);
    const before = made();
    const arn = await machines.start(await machines.make(retried({ MaxAttempts: 2 })));
    await expect.poll(() => made() - before).toBe(1);
    await settled();
    clock.advance(99_000);
    await settled();
    expect(made() - before).toBe(1);
    clock.advance(2_000);
    await expect.poll(() => made() - before).toBe(2);
    await settled();
    clock.advance(199_000);
    await settled();
    expect(made() - before).toBe(2);
    clock.advance(2_000);
    expect(await machines.ended(arn)).toMatchObject({ status: "SUCCEEDED", output: '"done"' });
  });

  test("when they are used up the error stands", async () => {
    contract.failNext(5);
    const arn = await machines.start(await machines.make(retried({ MaxAttempts: 1, MaxDelaySeconds: 10 })));
    await settled();
    clock.advance(11_000);
    expect(await machines.ended(arn)).toMatchObject({ status: "FAILED", error: "Error" });
    contract.failNext(0);
  });
});

describe("waits", () => {
  test("60 days are waited to their end and not fired at once", async () => {
    const definition = {
      StartAt: "W",
      States: { W: { Type: "Wait", Seconds: (60 * day) / 1000, End: true } },
    };
    const arn = await machines.start(await machines.make(definition));
    await settled();
    clock.advance(59 * day);
    await settled();
    expect((await machines.describe(arn)).status).toBe("RUNNING");
    clock.advance(day + 1_000);
    expect((await machines.ended(arn)).status).toBe("SUCCEEDED");
  });

  test("an instant is waited for, and one that has passed is not", async () => {
    const definition = { StartAt: "W", States: { W: { Type: "Wait", TimestampPath: "$.until", End: true } } };
    const machine = await machines.make(definition);
    const past = await machines.start(machine, { until: "2020-01-01T00:00:00Z" });
    expect((await machines.ended(past)).status).toBe("SUCCEEDED");
    const until = new Date(clock.now() + 30 * day).toISOString();
    const future = await machines.start(machine, { until });
    await settled();
    clock.advance(29 * day);
    await settled();
    expect((await machines.describe(future)).status).toBe("RUNNING");
    clock.advance(day);
    expect((await machines.ended(future)).status).toBe("SUCCEEDED");
    const wrong = await machines.ended(await machines.start(machine, { until: "tomorrow" }));
    expect(wrong).toMatchObject({ status: "FAILED", error: "States.Runtime" });
  });

  test("the machine's own TimeoutSeconds ends an execution", async () => {
    const definition = {
      TimeoutSeconds: 3600,
      StartAt: "W",
      States: { W: { Type: "Wait", Seconds: 7200, End: true } },
    };
    const arn = await machines.start(await machines.make(definition));
    await settled();
    clock.advance(3_601_000);
    expect(await machines.ended(arn)).toMatchObject({ status: "TIMED_OUT" });
  });
});

describe("choices", () => {
  const choose = (rule: object, input: unknown) =>
    machines.outputOf(
      {
        StartAt: "C",
        States: {
          C: { Type: "Choice", Choices: [{ ...rule, Next: "Yes" }], Default: "No" },
          Yes: { Type: "Pass", Parameters: { answer: "yes" }, End: true },
          No: { Type: "Pass", Parameters: { answer: "no" }, End: true },
        },
      },
      input,
    );

  test.each([
    [{ Variable: "$.a", NumericGreaterThanEquals: 10 }, { a: 10 }, "yes"],
    [{ Variable: "$.a", NumericGreaterThanEquals: 10 }, { a: 9.5 }, "no"],
    [{ Variable: "$.a", NumericGreaterThanEquals: 10 }, { a: "10" }, "no"],
    [{ Variable: "$.a", IsPresent: false }, {}, "yes"],
    [{ Variable: "$.a", IsPresent: false }, { a: null }, "no"],
    [{ Variable: "$.a.b", IsPresent: true }, { a: { b: 0 } }, "yes"],
    [{ Variable: "$.a.b", IsPresent: true }, { a: "text" }, "no"],
    [{ Variable: "$.a", StringEquals: "x" }, { a: "x" }, "yes"],
    [{ Variable: "$.a", StringEquals: "5" }, { a: 5 }, "no"],
    [
      {
        And: [
          { Variable: "$.a", IsPresent: true },
          { Variable: "$.a", IsTimestamp: true },
        ],
      },
      { a: "2025-06-01T00:00:00Z" },
      "yes",
    ],
    [
      {
        And: [
          { Variable: "$.a", IsPresent: true },
          { Variable: "$.a", StringEquals: "x" },
        ],
      },
      {},
      "no",
    ],
    [{ Variable: "$.a", IsTimestamp: true }, { a: "last summer" }, "no"],
    [{ Variable: "$.a", IsTimestamp: false }, { a: "2025-13-01T00:00:00Z" }, "yes"],
  ])("%j of %j is %s", async (rule, input, expected) => {
    expect(await choose(rule, input)).toEqual({ answer: expected });
  });

  test("no rule that matches and no default is an error with a name", async () => {
    const definition = {
      StartAt: "C",
      States: {
        C: { Type: "Choice", Choices: [{ Variable: "$.a", StringEquals: "1", Next: "D" }] },
        D: { Type: "Succeed" },
      },
    };
    const execution = await machines.ended(await machines.start(await machines.make(definition), { a: 2 }));
    expect(execution).toMatchObject({ status: "FAILED", error: "States.NoChoiceMatched" });
  });

  test("a comparison with a value that is not there ends the execution", async () => {
    await expect(choose({ Variable: "$.a", StringEquals: "x" }, {})).rejects.toThrow("States.Runtime");
  });

  test("states and members of payloads may be named like words of the language", async () => {
    const definition = {
      StartAt: "Next",
      States: {
        Next: {
          Type: "Pass",
          Parameters: { Next: { to: "Nowhere" }, Default: "x", States: [1] },
          Next: "Default",
        },
        Default: {
          Type: "Choice",
          Choices: [{ Variable: "$.Default", StringEquals: "x", Next: "States" }],
          Default: "Next",
        },
        States: { Type: "Succeed" },
      },
    };
    expect(await machines.outputOf(definition)).toEqual({
      Next: { to: "Nowhere" },
      Default: "x",
      States: [1],
    });
  });

  test("a loop ends when its history is full", async () => {
    const definition = {
      StartAt: "A",
      States: {
        A: { Type: "Pass", Next: "B" },
        B: {
          Type: "Choice",
          Choices: [{ Variable: "$.n", NumericGreaterThanEquals: 1, Next: "End" }],
          Default: "A",
        },
        End: { Type: "Succeed" },
      },
    };
    const arn = await machines.start(await machines.make(definition), { n: 0 });
    const execution = await machines.ended(arn, 25_000);
    expect(execution).toMatchObject({ status: "FAILED", error: "States.Runtime" });
  });
});

describe("what this machine would run otherwise than AWS is refused", () => {
  const state = (more: object) => ({ StartAt: "S", States: { S: { End: true, ...more } } });
  test.each([
    ["JSONata", { QueryLanguage: "JSONata", ...state({ Type: "Pass" }) }],
    ["JSONata of one state", state({ Type: "Pass", QueryLanguage: "JSONata" })],
    ["variables", state({ Type: "Pass", Assign: { x: 1 } })],
    ["a variable's use", state({ Type: "Pass", Parameters: { "a.$": "$x" } })],
    [
      "a task token",
      state({
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
        Parameters: { FunctionName: "f", Payload: { "token.$": "$$.Task.Token" } },
      }),
    ],
    [
      "another service",
      state({ Type: "Task", Resource: "arn:aws:states:::sqs:sendMessage", Parameters: {} }),
    ],
    ["an activity", state({ Type: "Task", Resource: "arn:aws:states:us-east-1:123456789012:activity:a" })],
    ["a heartbeat", state({ Type: "Task", Resource: functionArn("echo"), HeartbeatSeconds: 5 })],
    ["the context object", state({ Type: "Pass", Parameters: { "a.$": "$$.Execution.Id" } })],
    ["a path with a filter", state({ Type: "Pass", Parameters: { "a.$": "$.a[0]" } })],
    ["another intrinsic function", state({ Type: "Pass", Parameters: { "a.$": "States.UUID()" } })],
    [
      "an operator that our definitions do not use",
      {
        StartAt: "S",
        States: {
          S: { Type: "Choice", Choices: [{ Variable: "$.a", BooleanEquals: true, Next: "E" }] },
          E: { Type: "Succeed" },
        },
      },
    ],
    [
      "branches",
      {
        StartAt: "S",
        States: {
          S: {
            Type: "Parallel",
            Branches: [{ StartAt: "E", States: { E: { Type: "Succeed" } } }],
            End: true,
          },
        },
      },
    ],
  ])("%s", async (_, definition) => {
    await expect(machines.make(definition)).rejects.toMatchObject({ name: "InvalidDefinition" });
  });
});

/** Lets everything that is due run before time is moved. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 100));
}
