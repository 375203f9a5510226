import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SFNClient } from "@aws-sdk/client-sfn";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Target } from "@daypass/databases/engine.ts";
import { accessKeyOf } from "@daypass/local/aws/server/access-key.ts";
import { behind } from "../e2e/behind.ts";
import { System } from "../e2e/system.ts";

/** What `npm start` starts, with limits that no benchmark meets, and with what lies behind it at hand. */
export type Running = {
  system: System;
  /** The sample server as the installation's administrator, under a stack of our own. */
  target: Target;
  table: { client: DynamoDBDocumentClient; name: string };
  workflows: SFNClient;
  /** Every event of every execution so far, by the grant that the execution is about. */
  timers: () => Promise<Map<string, TimerEvent[]>>;
  close(): Promise<void>;
};
export type TimerEvent = { type: string; timestamp: string };

export async function startRunning(): Promise<Running> {
  process.env["DAYPASS_CHANGES_PER_MINUTE"] = "10000";
  process.env["DAYPASS_OPEN_REQUEST_LIMIT"] = "1000";
  const system = await System.create();
  try {
    const { host, port, username, password } = await (await behind(system)).administrator();
    const { awsPort } = JSON.parse(await readFile(join(system.home, "remembered.json"), "utf8")) as {
      awsPort: number;
    };
    const client = {
      region: "us-east-1",
      endpoint: `http://127.0.0.1:${awsPort}`,
      credentials: { accessKeyId: accessKeyOf(join(system.home, "aws")), secretAccessKey: "unused" },
    };
    const workflows = new SFNClient(client);
    const dynamodb = new DynamoDBClient(client);
    return {
      system,
      target: {
        server: { host, port, tls: "disable" },
        administrator: { username, password },
        maintenanceDatabase: "postgres",
        stack: "bench",
      },
      table: {
        client: DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } }),
        name: "daypass",
      },
      workflows,
      timers: async () => timersIn(await (await behind(system)).executionText()),
      async close() {
        workflows.destroy();
        dynamodb.destroy();
        await system.close();
      },
    };
  } catch (error) {
    await system.close();
    throw error;
  }
}

function timersIn(text: string): Map<string, TimerEvent[]> {
  const executions = text.split("\n").flatMap((line) => {
    const events = JSON.parse(line) as (TimerEvent & { executionStartedEventDetails?: { input?: string } })[];
    const input = events[0]?.executionStartedEventDetails?.input ?? "{}";
    const { grantId } = JSON.parse(input) as { grantId?: string };
    return grantId === undefined ? [] : [[grantId, events] as const];
  });
  return new Map(executions);
}
