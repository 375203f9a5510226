import { randomUUID } from "node:crypto";
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import { type MovableClock, machineClock } from "@daypass/local/aws/server/clock.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AwsUnderTest, awsUnderTest } from "../../aws/aws-under-test.ts";
import { functionArn } from "../../step-functions/machines.ts";

let aws: AwsUnderTest;
let client: SchedulerClient;
let clock: MovableClock;
const calls: unknown[] = [];
beforeAll(async () => {
  clock = machineClock();
  const functions = { sweep: { timeoutMs: 1_000, load: async () => (event: unknown) => calls.push(event) } };
  aws = await awsUnderTest("SCHEDULER", { functions, clock });
  client = new SchedulerClient(aws.client("SCHEDULER"));
});
afterAll(() => aws.close());

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 80));
const inputOf = (more: Partial<CreateScheduleCommandInput> = {}): CreateScheduleCommandInput => ({
  Name: `s-${randomUUID()}`,
  ScheduleExpression: "rate(1 minute)",
  FlexibleTimeWindow: { Mode: "OFF" },
  Target: {
    Arn: functionArn("sweep"),
    RoleArn: "arn:aws:iam::123456789012:role/schedule",
    Input: JSON.stringify({ mark: randomUUID() }),
  },
  ...more,
});
const callsOf = (input: CreateScheduleCommandInput): number =>
  calls.filter((event) => JSON.stringify(event) === input.Target?.Input).length;
const create = (input: CreateScheduleCommandInput) => client.send(new CreateScheduleCommand(input));
const remove = (Name: string | undefined) => client.send(new DeleteScheduleCommand({ Name }));

describe("invoking", () => {
  test("a rate invokes the function with its input, once a period", async () => {
    const input = inputOf();
    await create(input);
    await settled();
    expect(callsOf(input)).toBe(0);
    for (let minute = 1; minute <= 3; minute += 1) {
      clock.advance(60_000);
      await expect.poll(() => callsOf(input)).toBe(minute);
      await settled();
    }
    await remove(input.Name);
    clock.advance(120_000);
    await settled();
    expect(callsOf(input)).toBe(3);
  });

  test("a switched-off schedule is quiet, and an update that leaves the timing delays nothing", async () => {
    const input = inputOf({ ScheduleExpression: "rate(2 minutes)" });
    await create(input);
    clock.advance(100_000);
    await settled();
    await client.send(new UpdateScheduleCommand({ ...input, ClientToken: "new" }));
    clock.advance(21_000);
    await expect.poll(() => callsOf(input)).toBe(1);
    await settled();
    await client.send(new UpdateScheduleCommand({ ...input, State: "DISABLED" }));
    clock.advance(600_000);
    await settled();
    expect(callsOf(input)).toBe(1);
    await remove(input.Name);
  });
});

describe("keeping", () => {
  test("a name is taken once; the same request again is a success", async () => {
    const input = inputOf({ ClientToken: randomUUID() });
    const { ScheduleArn } = await create(input);
    expect(ScheduleArn).toBe(`arn:aws:scheduler:us-east-1:123456789012:schedule/default/${input.Name}`);
    await create(input);
    await expect(create({ ...input, ClientToken: randomUUID() })).rejects.toMatchObject({
      name: "ConflictException",
      $metadata: { httpStatusCode: 409 },
    });
    await remove(input.Name);
  });

  test("what is not there, and what is no schedule, is refused", async () => {
    for (const missing of [remove("none"), client.send(new UpdateScheduleCommand(inputOf()))]) {
      await expect(missing).rejects.toMatchObject({
        name: "ResourceNotFoundException",
        $metadata: { httpStatusCode: 404 },
      });
    }
    const target = {
      Arn: "arn:aws:sqs:us-east-1:123456789012:q",
      RoleArn: "arn:aws:iam::123456789012:role/r",
    };
    for (const wrong of [
      inputOf({ ScheduleExpression: "rate(1 second)" }),
      inputOf({ ScheduleExpression: "every minute" }),
      inputOf({ ScheduleExpression: "cron(0 12 * * ? *)" }),
      inputOf({ EndDate: new Date() }),
      inputOf({ GroupName: "other" }),
      inputOf({ Name: "with space" }),
      inputOf({ FlexibleTimeWindow: { Mode: "FLEXIBLE" } }),
      inputOf({ Target: target }),
    ]) {
      await expect(create(wrong)).rejects.toMatchObject({ name: "ValidationException" });
    }
  });
});
