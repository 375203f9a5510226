import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateScheduleCommand, DeleteScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { SFNClient } from "@aws-sdk/client-sfn";
import { machineClock } from "@daypass/local/aws/server/clock.ts";
import { startAws } from "@daypass/local/aws/start-aws.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { functionArn, machinesOf } from "../../step-functions/machines.ts";
import { clientOf } from "../aws-under-test.ts";
import { type MachineProcess, notesIn, startMachine } from "../machine-process.ts";

let folder: string;
let machine: MachineProcess;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "daypass-aws-"));
  machine = await startMachine(folder);
});
afterEach(async () => {
  await machine.kill();
  rmSync(folder, { recursive: true });
});

async function killAndStartAgain(): Promise<void> {
  await machine.kill();
  machine = await startMachine(folder);
}

const workflows = () => machinesOf(new SFNClient(clientOf(machine, "SFN")));
const secrets = () => new SecretsManagerClient(clientOf(machine, "SECRETS_MANAGER"));
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test("a wait that SIGKILL interrupts ends at its instant, with its input as it was", async () => {
  const definition = {
    StartAt: "Shape",
    States: {
      Shape: { Type: "Pass", Parameters: { "n.$": "$.n", kept: true }, ResultPath: "$.shaped", Next: "Wait" },
      Wait: { Type: "Wait", Seconds: 12, Next: "Tell" },
      Tell: { Type: "Pass", Parameters: { "shaped.$": "$.shaped", "input.$": "$.n" }, End: true },
    },
  };
  const begun = Date.now();
  const arn = await workflows().start(await workflows().make(definition), { n: 7 }, "kept-name");
  const { startDate } = await workflows().describe(arn);
  await pause(500);
  await killAndStartAgain();
  expect(
    await workflows().start(
      arn.replace(":execution:", ":stateMachine:").replace(/:kept-name$/, ""),
      { n: 7 },
      "kept-name",
    ),
  ).toBe(arn);
  const ended = await workflows().ended(arn);
  expect(Date.now() - begun).toBeGreaterThanOrEqual(12_000);
  expect(Date.now() - begun).toBeLessThan(24_000);
  expect(JSON.parse(ended.output ?? "")).toEqual({
    shaped: { n: 7, kept: true },
    input: 7,
  });
  expect(ended.startDate).toEqual(startDate);
});

test("a wait that ended while the machine was off goes on at once", async () => {
  const definition = {
    StartAt: "Wait",
    States: {
      Wait: { Type: "Wait", Seconds: 6, Next: "Note" },
      Note: { Type: "Task", Resource: functionArn("note"), End: true },
    },
  };
  const arn = await workflows().start(await workflows().make(definition), { text: "woken" });
  await machine.kill();
  await pause(6_200);
  expect(notesIn(folder)).toEqual([]);
  machine = await startMachine(folder);
  expect((await workflows().ended(arn)).status).toBe("SUCCEEDED");
  expect(notesIn(folder)).toEqual(["woken"]);
});

test("a task that SIGKILL interrupts is done again, what came before it is not", async () => {
  const definition = {
    StartAt: "First",
    States: {
      First: { Type: "Task", Resource: functionArn("note"), ResultPath: null, Next: "Second" },
      Second: {
        Type: "Task",
        Resource: functionArn("note-slowly"),
        Parameters: { text: "second", ms: 2_000 },
        End: true,
      },
    },
  };
  const arn = await workflows().start(await workflows().make(definition), { text: "first" });
  await expect.poll(() => notesIn(folder), { timeout: 5_000 }).toEqual(["first", "second begins"]);
  await killAndStartAgain();
  expect(await workflows().ended(arn)).toMatchObject({ status: "SUCCEEDED" });
  expect(notesIn(folder)).toEqual(["first", "second begins", "second begins", "second ends"]);
});

test("used-up retries stay used up", async () => {
  const definition = {
    StartAt: "Fail",
    States: {
      Fail: {
        Type: "Task",
        Resource: functionArn("fail"),
        Retry: [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 2, BackoffRate: 1, MaxAttempts: 1 }],
        End: true,
      },
    },
  };
  const arn = await workflows().start(await workflows().make(definition), { text: "try" });
  await expect.poll(() => notesIn(folder)).toEqual(["try"]);
  await pause(200);
  await killAndStartAgain();
  expect((await workflows().ended(arn)).status).toBe("FAILED");
  expect(notesIn(folder)).toEqual(["try", "try"]);
});

test("an accepted asynchronous invocation is not lost", async () => {
  const lambda = new LambdaClient(clientOf(machine, "LAMBDA"));
  const Payload = Buffer.from(JSON.stringify({ text: "kept", ms: 1_000 }));
  await lambda.send(new InvokeCommand({ FunctionName: "note-slowly", InvocationType: "Event", Payload }));
  await expect.poll(() => notesIn(folder)).toEqual(["kept begins"]);
  await killAndStartAgain();
  await expect
    .poll(() => notesIn(folder), { timeout: 5_000 })
    .toEqual(["kept begins", "kept begins", "kept ends"]);
});

test("secrets, schedules and mails are there again", async () => {
  await secrets().send(new CreateSecretCommand({ Name: "kept", SecretString: "the value" }));
  const scheduler = () => new SchedulerClient(clientOf(machine, "SCHEDULER"));
  await scheduler().send(
    new CreateScheduleCommand({
      Name: "sweep",
      ScheduleExpression: "rate(1 minute)",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: { Arn: functionArn("note"), RoleArn: "arn:aws:iam::123456789012:role/schedule" },
    }),
  );
  const mail = new SESv2Client(clientOf(machine, "SESV2"));
  await mail.send(
    new SendEmailCommand({
      FromEmailAddress: "daypass@example.com",
      Destination: { ToAddresses: ["lead@example.com"] },
      Content: { Simple: { Subject: { Data: "Kept" }, Body: { Text: { Data: "x" } } } },
    }),
  );
  await killAndStartAgain();
  const value = await secrets().send(new GetSecretValueCommand({ SecretId: "kept" }));
  expect(value.SecretString).toBe("the value");
  // What is not there cannot be deleted.
  await scheduler().send(new DeleteScheduleCommand({ Name: "sweep" }));
  const mails = await fetch(`${machine.environment.AWS_ENDPOINT_URL_SESV2}/mailbox/messages`);
  expect(await mails.json()).toMatchObject({ messages: [{ subject: "Kept" }] });
});

test("every file is readable by its owner alone, and a forcibly deleted value is in none of them", async () => {
  await secrets().send(new CreateSecretCommand({ Name: "gone", SecretString: "value-that-must-go" }));
  const files = () =>
    readdirSync(join(folder, "aws"), { withFileTypes: true }).map((file) => join(file.parentPath, file.name));
  expect(statSync(join(folder, "aws")).mode & 0o777).toBe(0o700);
  for (const file of files()) expect(statSync(file).mode & 0o777, file).toBe(0o600);
  const holding = () => files().filter((file) => readFileSync(file, "utf8").includes("value-that-must-go"));
  expect(holding()).toHaveLength(1);
  await secrets().send(new DeleteSecretCommand({ SecretId: "gone", ForceDeleteWithoutRecovery: true }));
  expect(holding()).toEqual([]);
});

test("a second machine on the same folder is refused", async () => {
  await expect(startAws({ folder: join(folder, "aws") })).rejects.toThrow(/in use/);
});

test("a rate that was missed while the machine was off comes once, soon after its start", async () => {
  const kept = join(folder, "off");
  const called: number[] = [];
  const functions = { sweep: { timeoutMs: 1_000, load: async () => () => called.push(Date.now()) } };
  const first = await startAws({ folder: kept, functions });
  const scheduler = new SchedulerClient(clientOf(first, "SCHEDULER"));
  await scheduler.send(
    new CreateScheduleCommand({
      Name: "sweep",
      ScheduleExpression: "rate(1 minute)",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: { Arn: functionArn("sweep"), RoleArn: "arn:aws:iam::123456789012:role/schedule" },
    }),
  );
  await first.close();
  const later = machineClock(() => Date.now() + 3_600_000);
  const second = await startAws({ folder: kept, functions, clock: later });
  await expect.poll(() => called.length).toBe(1);
  await pause(300);
  expect(called).toHaveLength(1);
  later.advance(61_000);
  await expect.poll(() => called.length).toBe(2);
  await second.close();
});

test("what was left behind goes on only after everything is prepared", async () => {
  const kept = join(folder, "prepared");
  const order: string[] = [];
  const functions = { note: { timeoutMs: 1_000, load: async () => () => order.push("task") } };
  const first = await startAws({ folder: kept, functions });
  const definition = {
    StartAt: "Wait",
    States: {
      Wait: { Type: "Wait", Seconds: 1, Next: "Note" },
      Note: { Type: "Task", Resource: functionArn("note"), End: true },
    },
  };
  const begun = machinesOf(new SFNClient(clientOf(first, "SFN")));
  await begun.start(await begun.make(definition));
  await first.close();
  const prepare = async (): Promise<void> => {
    await pause(1_500);
    order.push("prepared");
  };
  const second = await startAws({ folder: kept, functions, prepare });
  await expect.poll(() => order).toEqual(["prepared", "task"]);
  await second.close();
  await expect(
    startAws({ folder: kept, prepare: () => Promise.reject(new Error("not ready")) }),
  ).rejects.toThrow("not ready");
  await (await startAws({ folder: kept })).close();
});
