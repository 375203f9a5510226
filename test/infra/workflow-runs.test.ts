import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { machineClock } from "@daypass/local/aws/server/clock.ts";
import { type Aws, startAws } from "@daypass/local/aws/start-aws.ts";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { ofType } from "./render/policies.ts";

const stage = "production";
const network = "main";
const broker = `daypass-${stage}-broker-${network}`;
const inputs = {
  grant: { grantId: "grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN" },
  inspection: { instanceId: "ins_01JD8Z5K3QW8R4T6Y2X9V7B1CN" },
  reconciliation: { instanceId: "ins_01JD8Z5K3QW8R4T6Y2X9V7B1CN" },
};
type Kind = keyof typeof inputs;

/** What Lambda, Step Functions, Node and the application call their failures. */
const errors = [
  "Error",
  "TypeError",
  "DomainError",
  "Lambda.Unknown",
  "Lambda.ServiceException",
  "Lambda.AWSLambdaException",
  "Lambda.SdkClientException",
  "Lambda.TooManyRequestsException",
  "Lambda.ResourceNotReadyException",
  "Lambda.ENILimitReachedException",
  "Lambda.ResourceNotFoundException",
  "Runtime.ExitError",
  "Runtime.ImportModuleError",
  "Sandbox.Timedout",
  "States.Timeout",
  "States.HeartbeatTimeout",
  "States.Permissions",
  "States.TaskFailed",
];

let aws: Aws;
let client: SFNClient;
let nowMs = Date.UTC(2026, 5, 9, 12);
const clock = machineClock(() => nowMs);
const machines = new Map<Kind, string>();
let answer: (event: { step: string }) => unknown;

beforeAll(async () => {
  const load = async () => (event: { step: string }) => answer(event);
  aws = await startAws({ clock, functions: { [broker]: { timeoutMs: 300, load } } });
  client = new SFNClient({
    endpoint: aws.url,
    region: "us-east-1",
    credentials: {
      accessKeyId: aws.environment["AWS_ACCESS_KEY_ID"] ?? "",
      secretAccessKey: aws.environment["AWS_SECRET_ACCESS_KEY"] ?? "",
    },
  });
  for (const kind of Object.keys(inputs) as Kind[]) {
    const name = `daypass-${stage}-${kind}-${network}`;
    const rendered = ofType(inject(stage), "aws:sfn/stateMachine:StateMachine").find(
      (machine) => machine.inputs["name"] === name,
    );
    // The machine of this test is in another account and region; the functions have the same names.
    const definition = String(rendered?.inputs["definition"]).replaceAll(":eu-west-1:", ":us-east-1:");
    const roleArn = "arn:aws:iam::123456789012:role/workflow";
    const made = await client.send(new CreateStateMachineCommand({ name, definition, roleArn }));
    machines.set(kind, made.stateMachineArn ?? "");
  }
});
afterAll(async () => {
  client.destroy();
  await aws.close();
});

/** Runs the rendered workflow on a clock that is moved on, until it ends. */
async function run(kind: Kind, given: typeof answer): Promise<{ status: string; last: string }> {
  answer = given;
  // The others have an end of their own, after nine minutes.
  const stepMs = kind === "grant" ? 120_000 : 2000;
  const stateMachineArn = machines.get(kind);
  const input = JSON.stringify(inputs[kind]);
  const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn, input }));
  let execution: DescribeExecutionCommandOutput;
  do {
    for (let moves = 0; moves < 30; moves += 1) {
      nowMs += stepMs;
      clock.advance(0);
      await new Promise((resolve) => setImmediate(resolve));
    }
    execution = await client.send(new DescribeExecutionCommand({ executionArn }));
  } while (execution.status === "RUNNING");
  const { events = [] } = await client.send(
    new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 10 }),
  );
  const last = events.find((event) => event.stateEnteredEventDetails)?.stateEnteredEventDetails?.name;
  return { status: execution.status ?? "", last: last ?? "" };
}

function failing(name: string): () => never {
  return () => {
    throw Object.assign(new Error("as planted"), { name });
  };
}
const done = () => ({ next: "done" });
/** Fails so many times, then answers. */
const after = (times: number, fail: () => unknown, then: () => unknown) => {
  let calls = 0;
  return () => (calls++ < times ? fail() : then());
};

describe("the rendered timer of a grant", () => {
  test.each(errors)("whose broker fails once by %s ends when the account is gone", async (name) => {
    expect(await run("grant", after(1, failing(name), done))).toEqual({ status: "SUCCEEDED", last: "Done" });
  });

  test.each(errors)("whose broker fails by %s for hours ends when the account is gone", async (name) => {
    expect(await run("grant", after(23, failing(name), done))).toEqual({ status: "SUCCEEDED", last: "Done" });
  });

  test.each(errors)("whose broker fails by %s for ever hands over to the sweeper", async (name) => {
    expect(await run("grant", failing(name))).toEqual({ status: "SUCCEEDED", last: "HandOver" });
  });

  test("whose broker is there at first and fails from the end of access on hands over to the sweeper", async () => {
    const until = () => ({ next: "wait", until: new Date(nowMs + 3_600_000).toISOString() });
    let calls = 0;
    const outcome = await run("grant", () => (calls++ === 0 ? until() : failing("Error")()));
    expect(outcome).toEqual({ status: "SUCCEEDED", last: "HandOver" });
  });

  test("whose broker does not answer in time ends when it does", async () => {
    const late = () => new Promise(() => undefined);
    expect(await run("grant", after(2, late, done))).toEqual({ status: "SUCCEEDED", last: "Done" });
  });

  test.each([
    [null],
    [{}],
    ["done"],
    [{ next: "wait" }],
    [{ next: "wait", until: "soon" }],
    [{ next: "escalate" }],
    [[]],
    [7],
  ])("whose broker says %j for ever hands over to the sweeper", async (word) => {
    expect(await run("grant", () => word)).toEqual({ status: "SUCCEEDED", last: "HandOver" });
  });
});

describe.each(["inspection", "reconciliation"] as const)("the rendered %s", (kind) => {
  test.each(errors)("that fails once by %s ends well", async (name) => {
    expect(
      await run(
        kind,
        after(1, failing(name), () => null),
      ),
    ).toEqual({ status: "SUCCEEDED", last: "Done" });
  });

  test.each(errors)("that fails by %s for ever puts that on record", async (name) => {
    const steps: string[] = [];
    const outcome = await run(kind, ({ step }) => {
      steps.push(step);
      return step.endsWith("-failed") ? null : failing(name)();
    });
    expect(outcome).toEqual({ status: "SUCCEEDED", last: "Done" });
    expect(steps.at(-1)).toMatch(/-failed$/);
  });

  test.each(errors)("whose record fails too, by %s, is lost aloud", async (name) => {
    expect(await run(kind, failing(name))).toEqual({ status: "FAILED", last: "Lost" });
  });
});
