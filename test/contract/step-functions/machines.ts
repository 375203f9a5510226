import { randomUUID } from "node:crypto";
import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListStateMachinesCommand,
  type SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";

/** AWS looks whether Step Functions may take the role on; nothing in these machines uses it. */
export const roleArn = process.env["DAYPASS_CONTRACT_ROLE_ARN"] ?? "arn:aws:iam::123456789012:role/workflow";

export const functionArn = (name: string): string => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;

/** What a suite does again and again with state machines. */
export function machinesOf(client: SFNClient) {
  const prefix = `daypass-contract-${randomUUID().slice(0, 8)}-`;
  const freshName = (): string => `${prefix}${randomUUID()}`;

  /** Whatever was made, with what still runs in it. */
  async function removeAll(): Promise<void> {
    for (let nextToken: string | undefined, more = true; more; more = nextToken !== undefined) {
      const page = await client.send(new ListStateMachinesCommand(nextToken ? { nextToken } : {}));
      nextToken = page.nextToken;
      for (const { name = "", stateMachineArn } of page.stateMachines ?? []) {
        if (name.startsWith(prefix)) await client.send(new DeleteStateMachineCommand({ stateMachineArn }));
      }
    }
  }

  async function make(definition: object, name = freshName()): Promise<string> {
    const made = await client.send(
      new CreateStateMachineCommand({ name, definition: JSON.stringify(definition), roleArn }),
    );
    return made.stateMachineArn ?? "";
  }

  async function start(stateMachineArn: string, input: unknown = {}, name?: string): Promise<string> {
    const started = await client.send(
      new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input), ...(name ? { name } : {}) }),
    );
    return started.executionArn ?? "";
  }

  const describe = (executionArn: string): Promise<DescribeExecutionCommandOutput> =>
    client.send(new DescribeExecutionCommand({ executionArn }));

  async function ended(executionArn: string, withinMs = 20_000): Promise<DescribeExecutionCommandOutput> {
    const limit = Date.now() + withinMs;
    for (;;) {
      const execution = await describe(executionArn);
      if (execution.status !== "RUNNING") return execution;
      if (Date.now() > limit) throw new Error(`${executionArn} is still running`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async function history(executionArn: string): Promise<HistoryEvent[]> {
    const events: HistoryEvent[] = [];
    let nextToken: string | undefined;
    do {
      const page = await client.send(
        new GetExecutionHistoryCommand({ executionArn, ...(nextToken ? { nextToken } : {}) }),
      );
      events.push(...(page.events ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return events;
  }

  /** Makes a machine, runs it to its end and gives its output. */
  async function outputOf(definition: object, input: unknown = {}): Promise<unknown> {
    const execution = await ended(await start(await make(definition), input));
    if (execution.status !== "SUCCEEDED") {
      throw new Error(`${execution.status}: ${execution.error} ${execution.cause}`);
    }
    return JSON.parse(execution.output ?? "null") as unknown;
  }

  return { freshName, removeAll, make, start, describe, ended, history, outputOf };
}
