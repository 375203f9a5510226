import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams";
import { createDynamoDb } from "@daypass/local/dynamodb/dynamodb.ts";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Endpoint, serve } from "../endpoint.ts";
import { WRITER_TABLE } from "./writer.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kill-"));
});
afterEach(() => rm(folder, { recursive: true }));

it("killed while it writes, it begins again with whole transactions, matching indexes and their records", async () => {
  let acknowledged = -1;
  for (let round = 0; round < 4; round++) {
    const writer = startWriter(folder);
    const last = await killAfter(writer, 40 + round * 25);
    expect(last).toBeGreaterThan(acknowledged);
    acknowledged = last;
    const endpoint = await serve(await createDynamoDb({ folder }));
    await expectWhole(endpoint, acknowledged);
    await endpoint.close();
  }
});

it("one process at a time has the folder, and the second is told so", async () => {
  const first = await createDynamoDb({ folder });
  await expect(createDynamoDb({ folder })).rejects.toThrow("another process has it open");
  await first.close();
  await (await createDynamoDb({ folder })).close();
});

function startWriter(into: string): ChildProcess {
  const program = fileURLToPath(new URL("writer.ts", import.meta.url));
  return spawn(process.execPath, [program, into], { stdio: ["ignore", "pipe", "inherit"] });
}

/** Kills the writer once it has told of so many commits; returns the last number it told. */
async function killAfter(writer: ChildProcess, commits: number): Promise<number> {
  const exited = once(writer, "exit");
  let told = 0;
  let last = -1;
  let rest = "";
  for await (const chunk of writer.stdout ?? []) {
    const lines = (rest + String(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      last = Number(line);
      told++;
    }
    if (told >= commits) writer.kill("SIGKILL");
  }
  await exited;
  return last;
}

/** Transaction n writes n three times over; so much must be there for each n, or nothing. */
async function expectWhole(endpoint: Endpoint, acknowledged: number): Promise<void> {
  const everything = async (IndexName: string | undefined, attribute: string, value: string) => {
    const numbers: number[] = [];
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const page = await endpoint.documents.query({
        TableName: WRITER_TABLE,
        IndexName,
        KeyConditionExpression: `${attribute} = :p`,
        ExpressionAttributeValues: { ":p": value },
        ExclusiveStartKey,
      });
      numbers.push(...(page.Items ?? []).map(({ n }) => Number(n)));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    return numbers;
  };
  const moves = await everything(undefined, "pk", "move");
  expect(moves).toEqual(Array.from({ length: moves.length }, (_, n) => n));
  expect(moves.length).toBeGreaterThan(acknowledged);
  expect(await everything(undefined, "pk", "event")).toEqual(moves);
  expect(await everything("gsi1", "gsi1pk", "moves")).toEqual(moves);
  expect(await everything("gsi2", "gsi2pk", "events")).toEqual(moves);
  const Key = { pk: "state", sk: "state" };
  const { Item } = await endpoint.documents.get({ TableName: WRITER_TABLE, Key });
  expect(Item?.n).toBe(moves.length - 1);
  expect(await everything("gsi1", "gsi1pk", "state")).toEqual([moves.length - 1]);
  expect(await recorded(endpoint)).toEqual(moves);
}

/** The numbers of the stream's event records, in their order. */
async function recorded(endpoint: Endpoint): Promise<number[]> {
  const { Table } = await endpoint.dynamodb.send(new DescribeTableCommand({ TableName: WRITER_TABLE }));
  const StreamArn = Table?.LatestStreamArn ?? "";
  const { StreamDescription } = await endpoint.streams.send(new DescribeStreamCommand({ StreamArn }));
  const ShardId = StreamDescription?.Shards?.[0]?.ShardId ?? "";
  const shard = { StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" as const };
  let { ShardIterator } = await endpoint.streams.send(new GetShardIteratorCommand(shard));
  const numbers: number[] = [];
  for (;;) {
    const page = await endpoint.streams.send(new GetRecordsCommand({ ShardIterator }));
    if (page.Records?.length === 0) return numbers;
    for (const { dynamodb } of page.Records ?? []) {
      if (dynamodb?.Keys?.pk?.S === "event") numbers.push(Number(dynamodb.NewImage?.n?.N));
    }
    ShardIterator = page.NextShardIterator;
  }
}
