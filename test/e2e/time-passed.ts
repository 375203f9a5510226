import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient, paginateScan, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { DeleteScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { clientOf } from "./behind.ts";
import type { System } from "./system.ts";

/** Moments on record are moved back, as if time had passed that no test can wait for. */
export async function timePassed(system: System) {
  const client = await clientOf(system);
  const table = new DynamoDBClient(client);
  const scheduler = new SchedulerClient(client);
  const minutesAgo = (minutes: number) => ({ S: new Date(Date.now() - minutes * 60_000).toISOString() });

  async function keyWhere(name: string, value: string) {
    const filter = {
      TableName: "daypass",
      FilterExpression: "#name = :value AND #entity = :entity",
      ExpressionAttributeNames: { "#name": name, "#entity": "__edb_e__" },
      ExpressionAttributeValues: {
        ":value": { S: value },
        ":entity": { S: name === "id" ? "grant" : "sweep" },
      },
    };
    for await (const { Items = [] } of paginateScan({ client: table }, filter)) {
      const [item] = Items;
      if (item?.["pk"] && item["sk"]) return { pk: item["pk"], sk: item["sk"] };
    }
    throw new Error(`the table has no item whose ${name} is ${value}`);
  }

  return {
    /** Nobody calls the sweeper any more, and it was last heard of so long ago. */
    async withoutSweeper(minutes: number): Promise<void> {
      await scheduler.send(new DeleteScheduleCommand({ Name: "daypass-sweep" }));
      // A sweep that is under way leaves its sign at its end.
      await sleep(3_000);
      await table.send(
        new UpdateItemCommand({
          TableName: "daypass",
          Key: await keyWhere("sweeper", "sweeper"),
          UpdateExpression: "SET sweptAt = :at",
          ExpressionAttributeValues: { ":at": minutesAgo(minutes) },
        }),
      );
    },
    /** What it fails at has failed for so long. */
    async sinceGrantFailed(grantId: string, minutes: number): Promise<void> {
      await table.send(
        new UpdateItemCommand({
          TableName: "daypass",
          Key: await keyWhere("id", grantId),
          UpdateExpression: "SET #grant.#failure.#since = :at",
          ExpressionAttributeNames: { "#grant": "grant", "#failure": "failure", "#since": "since" },
          ExpressionAttributeValues: { ":at": minutesAgo(minutes) },
        }),
      );
    },
  };
}
