import { type InvokeCommand, LambdaClient, ResourceNotReadyException } from "@aws-sdk/client-lambda";
import { plusMs, systemClock } from "@daypass/core/kernel/clock.ts";
import { describe, expect, test } from "vitest";
import { BrokerFailure, reconcileByBroker, turnBroker } from "./turn-broker.ts";

/** Lambda at the end of the line: answers in this order, and keeps what it was asked. */
function line(...answers: (object | Error)[]) {
  const asked: unknown[] = [];
  const client = new LambdaClient({ region: "us-east-1" });
  client.send = (async (command: InvokeCommand) => {
    asked.push(command.input);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer ?? {};
  }) as typeof client.send;
  const slept: number[] = [];
  const clock = { ...systemClock, sleep: async (milliseconds: number) => void slept.push(milliseconds) };
  const endsAt = plusMs(clock.now(), 60_000);
  return { parts: { client, clock, endsAt }, asked, slept };
}

const answering = (turn: unknown) => ({ Payload: new TextEncoder().encode(JSON.stringify(turn)) });
const done = answering({ next: "done" });

const inactive = () => new ResourceNotReadyException({ message: "inactive", $metadata: {}, Type: "Service" });

describe("calling a broker", () => {
  test("what it answers is told, parsed strictly", async () => {
    const waiting = { next: "wait", until: "2026-06-09T12:00:00.000Z", because: "no-slot" };
    expect(await turnBroker(line(answering(waiting)).parts, "broker", "grt_1")).toEqual(waiting);
    for (const odd of [{ next: "sleep" }, { next: "done", password: "hunter2" }, "hunter2", null]) {
      const turning = turnBroker(line(answering(odd)).parts, "broker", "grt_1");
      await expect(turning).rejects.toThrow(new BrokerFailure("broker"));
    }
    await expect(turnBroker(line({}).parts, "broker", "grt_1")).rejects.toThrow(BrokerFailure);
  });

  test("for a comparison it is told the instance's id", async () => {
    const { parts, asked } = line(answering(null));
    await reconcileByBroker(parts, "broker", "ins_1");
    expect(asked).toEqual([
      { FunctionName: "broker", Payload: '{"step":"reconcile","instanceId":"ins_1","by":"sweeper"}' },
    ]);
  });

  test("it is told the step, the grant's id and who asks, and nothing else", async () => {
    const { parts, asked } = line(done);
    await turnBroker(parts, "broker", "grt_1");
    expect(asked).toEqual([
      { FunctionName: "broker", Payload: '{"step":"turn","grantId":"grt_1","by":"sweeper"}' },
    ]);
  });

  test("one that was idle for weeks is called once more", async () => {
    const { parts, asked, slept } = line(inactive(), done);
    await turnBroker(parts, "broker", "grt_1");
    expect(asked).toHaveLength(2);
    expect(slept).toEqual([5000]);
  });

  test("one that stays inactive fails", async () => {
    const { parts } = line(inactive(), inactive());
    await expect(turnBroker(parts, "broker", "grt_1")).rejects.toThrow(ResourceNotReadyException);
  });

  test("another error is not repeated", async () => {
    const { parts, asked } = line(new Error("no such function"));
    await expect(turnBroker(parts, "broker", "grt_1")).rejects.toThrow("no such function");
    expect(asked).toHaveLength(1);
  });

  test("a failure inside the broker is a failure here, without its message", async () => {
    const { parts } = line({ FunctionError: "Unhandled", Payload: '{"errorMessage":"hunter2"}' });
    await expect(turnBroker(parts, "broker", "grt_1")).rejects.toThrow(new BrokerFailure("broker"));
  });
});
