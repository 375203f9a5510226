import { randomUUID } from "node:crypto";
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
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

  test("an instant comes once, and the schedule goes when it was told to", async () => {
    const at = new Date(clock.now() + 3_600_000).toISOString().slice(0, 19);
    const input = inputOf({ ScheduleExpression: `at(${at})`, ActionAfterCompletion: "DELETE" });
    await create(input);
    clock.advance(3_590_000);
    await settled();
    expect(callsOf(input)).toBe(0);
    clock.advance(20_000);
    await expect.poll(() => callsOf(input)).toBe(1);
    await settled();
    const gone = client.send(new GetScheduleCommand({ Name: input.Name }));
    await expect(gone).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  test("a switched-off schedule is quiet, and an update that leaves the timing delays nothing", async () => {
    const input = inputOf({ ScheduleExpression: "rate(2 minutes)" });
    await create(input);
    clock.advance(100_000);
    await settled();
    await client.send(new UpdateScheduleCommand({ ...input, Description: "new" }));
    clock.advance(21_000);
    await expect.poll(() => callsOf(input)).toBe(1);
    await settled();
    await client.send(new UpdateScheduleCommand({ ...input, State: "DISABLED" }));
    clock.advance(600_000);
    await settled();
    expect(callsOf(input)).toBe(1);
    await remove(input.Name);
  });

  test("after its end date nothing comes", async () => {
    const input = inputOf({ EndDate: new Date(clock.now() + 90_000) });
    await create(input);
    clock.advance(61_000);
    await expect.poll(() => callsOf(input)).toBe(1);
    await settled();
    clock.advance(600_000);
    await settled();
    expect(callsOf(input)).toBe(1);
    await remove(input.Name);
  });
});

describe("keeping", () => {
  test("a schedule is read as it was made", async () => {
    const input = inputOf({ Description: "about" });
    const { ScheduleArn } = await create(input);
    expect(ScheduleArn).toBe(`arn:aws:scheduler:us-east-1:123456789012:schedule/default/${input.Name}`);
    expect(await client.send(new GetScheduleCommand({ Name: input.Name }))).toMatchObject({
      ...input,
      Arn: ScheduleArn,
      GroupName: "default",
      State: "ENABLED",
      CreationDate: expect.any(Date),
    });
    await remove(input.Name);
  });

  test("a name is taken once; the same request again is a success", async () => {
    const input = inputOf({ ClientToken: randomUUID() });
    await create(input);
    await create(input);
    await expect(create({ ...input, ClientToken: randomUUID() })).rejects.toMatchObject({
      name: "ConflictException",
      $metadata: { httpStatusCode: 409 },
    });
    await remove(input.Name);
  });

  test("they are listed by prefix, in pages", async () => {
    const prefix = `list-${randomUUID().slice(0, 8)}`;
    const names = ["a", "b", "c"].map((letter) => `${prefix}-${letter}`);
    for (const Name of names) await create(inputOf({ Name }));
    const first = await client.send(new ListSchedulesCommand({ NamePrefix: prefix, MaxResults: 2 }));
    const second = await client.send(
      new ListSchedulesCommand({ NamePrefix: prefix, MaxResults: 2, NextToken: first.NextToken }),
    );
    expect([...(first.Schedules ?? []), ...(second.Schedules ?? [])].map((one) => one.Name)).toEqual(names);
    expect(second.NextToken).toBeUndefined();
    for (const name of names) await remove(name);
  });

  test("what is not there, and what is no schedule, is refused", async () => {
    for (const missing of [
      remove("none"),
      client.send(new GetScheduleCommand({ Name: "none" })),
      client.send(new UpdateScheduleCommand(inputOf())),
      create(inputOf({ GroupName: "other" })),
    ]) {
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
      inputOf({ Name: "with space" }),
      inputOf({ FlexibleTimeWindow: { Mode: "FLEXIBLE" } }),
      inputOf({ Target: target }),
    ]) {
      await expect(create(wrong)).rejects.toMatchObject({ name: "ValidationException" });
    }
  });
});
