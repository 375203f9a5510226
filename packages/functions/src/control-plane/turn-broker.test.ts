import { type InvokeCommand, LambdaClient, ResourceNotReadyException } from "@aws-sdk/client-lambda";
import { describe, expect, test } from "vitest";
import { BrokerFailure, turnBroker } from "./turn-broker.ts";

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
  const clock = { sleep: async (milliseconds: number) => void slept.push(milliseconds) };
  return { parts: { client, clock }, asked, slept };
}

const inactive = () => new ResourceNotReadyException({ message: "inactive", $metadata: {}, Type: "Service" });

describe("calling a broker", () => {
  test("it is told the step, the grant's id and who asks, and nothing else", async () => {
    const { parts, asked } = line({});
    await turnBroker(parts, "broker", "grt_1");
    expect(asked).toEqual([
      { FunctionName: "broker", Payload: '{"step":"turn","grantId":"grt_1","by":"sweeper"}' },
    ]);
  });

  test("one that was idle for weeks is called once more", async () => {
    const { parts, asked, slept } = line(inactive(), {});
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
