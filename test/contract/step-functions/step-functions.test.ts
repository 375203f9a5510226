import { randomUUID } from "node:crypto";
import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  UpdateStateMachineCommand,
} from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AwsUnderTest, awsUnderTest } from "../aws/aws-under-test.ts";
import { machinesOf, roleArn } from "./machines.ts";

let aws: AwsUnderTest;
let client: SFNClient;
let machines: ReturnType<typeof machinesOf>;
beforeAll(async () => {
  aws = await awsUnderTest("SFN");
  client = new SFNClient(aws.client("SFN"));
  machines = machinesOf(client);
});
afterAll(async () => {
  await machines.removeAll();
  await aws.close();
});

const pass = { StartAt: "P", States: { P: { Type: "Pass", End: true } } };
const long = { StartAt: "W", States: { W: { Type: "Wait", Seconds: 3600, End: true } } };
const text = JSON.stringify;

describe("state machines", () => {
  test("making the same one again is a success, another under its name is not", async () => {
    const name = machines.freshName();
    const arn = await machines.make(pass, name);
    expect(await machines.make(pass, name)).toBe(arn);
    await expect(machines.make(long, name)).rejects.toMatchObject({ name: "StateMachineAlreadyExists" });
  });

  test("they are listed in pages, and a deleted one is gone", async () => {
    const arns = [await machines.make(pass), await machines.make(pass), await machines.make(pass)];
    const seen: (string | undefined)[] = [];
    let nextToken: string | undefined;
    do {
      const page = await client.send(
        new ListStateMachinesCommand({ maxResults: 2, ...(nextToken ? { nextToken } : {}) }),
      );
      expect(page.stateMachines?.length).toBeLessThanOrEqual(2);
      seen.push(...(page.stateMachines ?? []).map((one) => one.stateMachineArn));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(seen).toEqual(expect.arrayContaining(arns));
    const [stateMachineArn = ""] = arns;
    await client.send(new DeleteStateMachineCommand({ stateMachineArn }));
    const gone = client.send(new StartExecutionCommand({ stateMachineArn }));
    await expect(gone).rejects.toMatchObject({ name: "StateMachineDoesNotExist" });
  });

  test("names and ARNs that are none are refused", async () => {
    for (const name of ["", "a b", "a/b", "x".repeat(81), "a*", "a\u0007"]) {
      const made = client.send(new CreateStateMachineCommand({ name, definition: text(pass), roleArn }));
      await expect(made).rejects.toMatchObject({ name: "InvalidName" });
    }
    const begun = client.send(new StartExecutionCommand({ stateMachineArn: "nonsense" }));
    await expect(begun).rejects.toMatchObject({ name: "InvalidArn" });
  });

  test.each([
    ["is not JSON", "{"],
    ["has no first state", text({ StartAt: "X", States: { P: { Type: "Pass", End: true } } })],
    ["leads nowhere", text({ StartAt: "P", States: { P: { Type: "Pass", Next: "Q" } } })],
    ["has an unknown type", text({ StartAt: "P", States: { P: { Type: "Jump", End: true } } })],
  ])("a definition that %s is refused", async (_, definition) => {
    const made = client.send(new CreateStateMachineCommand({ name: randomUUID(), definition, roleArn }));
    await expect(made).rejects.toMatchObject({ name: "InvalidDefinition" });
  });

  test("an update holds for new executions, and running ones keep the definition they began with", async () => {
    const arn = await machines.make(long);
    const running = await machines.start(arn);
    await client.send(new UpdateStateMachineCommand({ stateMachineArn: arn, definition: text(pass) }));
    const ended = await machines.ended(await machines.start(arn));
    expect(ended.status).toBe("SUCCEEDED");
    expect((await machines.describe(running)).status).toBe("RUNNING");
    await client.send(new StopExecutionCommand({ executionArn: running }));
    const nothing = client.send(new UpdateStateMachineCommand({ stateMachineArn: arn }));
    await expect(nothing).rejects.toMatchObject({ name: "MissingRequiredParameter" });
  });
});

describe("executions", () => {
  test("the same name and input while it runs is the same execution; else the name is taken", async () => {
    const stateMachineArn = await machines.make(long);
    const input = { stateMachineArn, name: "once", input: text({ id: 1 }) };
    const first = await client.send(new StartExecutionCommand(input));
    const again = await client.send(new StartExecutionCommand(input));
    expect(again.executionArn).toBe(first.executionArn);
    expect(again.startDate).toEqual(first.startDate);
    const other = client.send(new StartExecutionCommand({ ...input, input: text({ id: 2 }) }));
    await expect(other).rejects.toMatchObject({ name: "ExecutionAlreadyExists" });
    await client.send(new StopExecutionCommand({ executionArn: first.executionArn ?? "" }));
    const afterEnd = client.send(new StartExecutionCommand(input));
    await expect(afterEnd).rejects.toMatchObject({ name: "ExecutionAlreadyExists" });
  });

  test("bad names, bad input, too much input and unknown machines are refused", async () => {
    const stateMachineArn = await machines.make(pass);
    const start = (more: object) => client.send(new StartExecutionCommand({ stateMachineArn, ...more }));
    await expect(start({ name: "a:b" })).rejects.toMatchObject({ name: "InvalidName" });
    await expect(start({ input: "{" })).rejects.toMatchObject({ name: "InvalidExecutionInput" });
    await expect(start({ input: text("x".repeat(262_143)) })).rejects.toMatchObject({
      name: "ValidationException",
    });
    await expect(start({ input: text("x".repeat(262_142)) })).resolves.toMatchObject({
      executionArn: expect.any(String),
    });
    await expect(start({ stateMachineArn: `${stateMachineArn}x` })).rejects.toMatchObject({
      name: "StateMachineDoesNotExist",
    });
    const executionArn = stateMachineArn.replace(":stateMachine:", ":execution:");
    const unknown = client.send(new DescribeExecutionCommand({ executionArn: `${executionArn}:none` }));
    await expect(unknown).rejects.toMatchObject({ name: "ExecutionDoesNotExist" });
  });

  test("a stopped execution is aborted with its reason, and stopping it again changes nothing", async () => {
    const executionArn = await machines.start(await machines.make(long));
    await client.send(new StopExecutionCommand({ executionArn, error: "Why", cause: "because" }));
    const stopped = await machines.describe(executionArn);
    expect(stopped).toMatchObject({ status: "ABORTED", error: "Why", cause: "because" });
    await client.send(new StopExecutionCommand({ executionArn, error: "Other" }));
    expect(await machines.describe(executionArn)).toMatchObject({ error: "Why", stopDate: stopped.stopDate });
  });

  test("they are listed newest first, by status, in pages", async () => {
    const stateMachineArn = await machines.make(long);
    const arns: string[] = [];
    for (let i = 0; i < 5; i += 1) arns.push(await machines.start(stateMachineArn, { i }));
    await client.send(new StopExecutionCommand({ executionArn: arns[0] ?? "" }));
    const list = (more: object) => client.send(new ListExecutionsCommand({ stateMachineArn, ...more }));
    const first = await list({ statusFilter: "RUNNING", maxResults: 3 });
    expect(first.executions).toHaveLength(3);
    const second = await list({ statusFilter: "RUNNING", maxResults: 3, nextToken: first.nextToken });
    expect(second.nextToken).toBeUndefined();
    const all = [...(first.executions ?? []), ...(second.executions ?? [])].map((one) => one.executionArn);
    expect(new Set(all)).toEqual(new Set(arns.slice(1)));
    expect(all).toHaveLength(4);
    expect((await list({ statusFilter: "ABORTED" })).executions).toHaveLength(1);
    await expect(list({ nextToken: "nonsense" })).rejects.toMatchObject({ name: "InvalidToken" });
    for (const executionArn of arns) await client.send(new StopExecutionCommand({ executionArn }));
  });

  test("the history tells every state in order", async () => {
    const definition = {
      StartAt: "Begin",
      States: {
        Begin: { Type: "Pass", Next: "Pick" },
        Pick: {
          Type: "Choice",
          Choices: [{ Variable: "$.n", NumericGreaterThanEquals: 2, Next: "Done" }],
          Default: "Bad",
        },
        Done: { Type: "Succeed" },
        Bad: { Type: "Fail", Error: "Bad", Cause: "not one" },
      },
    };
    const arn = await machines.make(definition);
    const good = await machines.start(arn, { n: 2 });
    await machines.ended(good);
    const events = await machines.history(good);
    expect(events.map((event) => event.type)).toEqual([
      "ExecutionStarted",
      "PassStateEntered",
      "PassStateExited",
      "ChoiceStateEntered",
      "ChoiceStateExited",
      "SucceedStateEntered",
      "SucceedStateExited",
      "ExecutionSucceeded",
    ]);
    expect(events.map((event) => event.id)).toEqual(events.map((_, index) => index + 1));
    expect(events[3]?.stateEnteredEventDetails).toMatchObject({ name: "Pick", input: text({ n: 2 }) });

    const bad = await machines.ended(await machines.start(arn, { n: 1 }));
    expect(bad).toMatchObject({ status: "FAILED", error: "Bad", cause: "not one" });
  });
});
