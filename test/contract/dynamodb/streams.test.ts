import { UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  ListStreamsCommand,
  type _Record as StreamRecord,
} from "@aws-sdk/client-dynamodb-streams";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Endpoint, openEndpoint } from "./endpoint.ts";
import { createTemporaryTable, deleteTable, failureOf, withStream } from "./tables.ts";

let endpoint: Endpoint;
const made: string[] = [];

beforeAll(async () => {
  endpoint = await openEndpoint();
});
afterAll(async () => {
  for (const table of made) await deleteTable(endpoint, table);
  await endpoint.close();
});

async function tableWithStream(): Promise<{ table: string; StreamArn: string; ShardId: string }> {
  const table = await createTemporaryTable(endpoint, [], withStream);
  made.push(table);
  const { Streams } = await endpoint.streams.send(new ListStreamsCommand({ TableName: table }));
  const StreamArn = Streams?.[0]?.StreamArn ?? "";
  const { StreamDescription } = await endpoint.streams.send(new DescribeStreamCommand({ StreamArn }));
  return { table, StreamArn, ShardId: StreamDescription?.Shards?.[0]?.ShardId ?? "" };
}

async function iterator(input: GetShardIteratorCommandInput): Promise<string | undefined> {
  return (await endpoint.streams.send(new GetShardIteratorCommand(input))).ShardIterator;
}

async function readAll(from: string | undefined, expected: number, Limit = 1000): Promise<StreamRecord[]> {
  const records: StreamRecord[] = [];
  let ShardIterator = from;
  await expect
    .poll(
      async () => {
        const answer = await endpoint.streams.send(new GetRecordsCommand({ ShardIterator, Limit }));
        records.push(...(answer.Records ?? []));
        ShardIterator = answer.NextShardIterator;
        return records.length >= expected;
      },
      { timeout: 20_000, interval: 5 },
    )
    .toBe(true);
  return records;
}

describe("records", () => {
  it("every change is one record, in order, with the item before and after", async () => {
    const { table, StreamArn, ShardId } = await tableWithStream();
    const Key = { pk: "a", sk: "1" };
    await endpoint.documents.put({ TableName: table, Item: { ...Key, v: 1 } });
    await endpoint.documents.update({
      TableName: table,
      Key,
      UpdateExpression: "SET v = :v",
      ExpressionAttributeValues: { ":v": 2 },
    });
    await endpoint.documents.delete({ TableName: table, Key });
    await endpoint.documents.transactWrite({
      TransactItems: ["x", "y"].map((sk) => ({ Put: { TableName: table, Item: { pk: "t", sk } } })),
    });
    const records = await readAll(
      await iterator({ StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" }),
      5,
      2,
    );
    const image = (v: string) => ({ pk: { S: "a" }, sk: { S: "1" }, v: { N: v } });
    expect(records.map(({ eventName }) => eventName)).toEqual([
      "INSERT",
      "MODIFY",
      "REMOVE",
      "INSERT",
      "INSERT",
    ]);
    expect(records[0]?.dynamodb).toMatchObject({
      Keys: { pk: { S: "a" }, sk: { S: "1" } },
      NewImage: image("1"),
    });
    expect(records[0]?.dynamodb?.OldImage).toBeUndefined();
    expect(records[1]?.dynamodb).toMatchObject({ OldImage: image("1"), NewImage: image("2") });
    expect(records[2]?.dynamodb).toMatchObject({ OldImage: image("2") });
    expect(records[2]?.dynamodb?.NewImage).toBeUndefined();
    expect(records[0]?.dynamodb?.StreamViewType).toBe("NEW_AND_OLD_IMAGES");
    expect(records[0]?.dynamodb?.ApproximateCreationDateTime).toBeInstanceOf(Date);
    expect(records.every(({ userIdentity }) => userIdentity === undefined)).toBe(true);
    const numbers = records.map(({ dynamodb }) => BigInt(dynamodb?.SequenceNumber ?? "0"));
    expect(numbers.every((number, n) => n === 0 || number > (numbers[n - 1] ?? 0n))).toBe(true);
  });

  it("what changes nothing, fails or is cancelled leaves no record", async () => {
    const { table, StreamArn, ShardId } = await tableWithStream();
    const Item = { pk: "same", sk: "1", map: { a: 1, b: 2 } };
    await endpoint.documents.put({ TableName: table, Item });
    await endpoint.documents.put({ TableName: table, Item: { ...Item, map: { b: 2, a: 1 } } });
    await endpoint.documents.delete({ TableName: table, Key: { pk: "same", sk: "missing" } });
    const mustBeNew = { TableName: table, Item, ConditionExpression: "attribute_not_exists(pk)" };
    await failureOf(endpoint.documents.put(mustBeNew));
    await failureOf(
      endpoint.documents.transactWrite({
        TransactItems: [{ Put: { TableName: table, Item: { pk: "same", sk: "2" } } }, { Put: mustBeNew }],
      }),
    );
    await endpoint.documents.put({ TableName: table, Item: { pk: "last", sk: "1" } });
    const records = await readAll(
      await iterator({ StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" }),
      2,
    );
    expect(records.map(({ dynamodb }) => dynamodb?.Keys?.pk?.S)).toEqual(["same", "last"]);
  });

  it("an iterator begins where it was asked to", async () => {
    const { table, StreamArn, ShardId } = await tableWithStream();
    const put = (sk: string) => endpoint.documents.put({ TableName: table, Item: { pk: "p", sk } });
    for (const sk of ["0", "1", "2"]) await put(sk);
    const shard = { StreamArn, ShardId };
    const all = await readAll(await iterator({ ...shard, ShardIteratorType: "TRIM_HORIZON" }), 3);
    const SequenceNumber = all[1]?.dynamodb?.SequenceNumber;
    const latest = await iterator({ ...shard, ShardIteratorType: "LATEST" });
    await put("3");
    const sks = (records: StreamRecord[]) => records.map(({ dynamodb }) => dynamodb?.Keys?.sk?.S);
    const at = await iterator({ ...shard, ShardIteratorType: "AT_SEQUENCE_NUMBER", SequenceNumber });
    const after = await iterator({ ...shard, ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber });
    expect(sks(await readAll(at, 3))).toEqual(["1", "2", "3"]);
    expect(sks(await readAll(after, 2))).toEqual(["2", "3"]);
    expect(sks(await readAll(latest, 1))).toEqual(["3"]);
  });
});

describe("the API", () => {
  it("describes the stream with its shard and the table's key", async () => {
    const { table, StreamArn } = await tableWithStream();
    const { StreamDescription } = await endpoint.streams.send(new DescribeStreamCommand({ StreamArn }));
    expect(StreamDescription).toMatchObject({
      StreamArn,
      TableName: table,
      StreamStatus: "ENABLED",
      StreamViewType: "NEW_AND_OLD_IMAGES",
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
    });
    expect(StreamDescription?.Shards).toHaveLength(1);
  });

  it("refuses streams, shards and iterators that do not exist", async () => {
    const { StreamArn, ShardId } = await tableWithStream();
    const name = async (call: Promise<unknown>) => (await failureOf(call)).name;
    const elsewhere = StreamArn.replace(/stream\/.*/, "stream/2001-01-01T00:00:00.000");
    const describing = endpoint.streams.send(new DescribeStreamCommand({ StreamArn: elsewhere }));
    expect(await name(describing)).toBe("ResourceNotFoundException");
    const shard = { StreamArn, ShardId: `${ShardId}x`, ShardIteratorType: "LATEST" as const };
    expect(await name(iterator(shard))).toBe("ResourceNotFoundException");
    const forged = endpoint.streams.send(new GetRecordsCommand({ ShardIterator: "Zm9yZ2Vk" }));
    expect(await name(forged)).toBe("ValidationException");
  });

  it("a stream that is turned off keeps its records, ends, and a new one begins empty", async () => {
    const { table, StreamArn, ShardId } = await tableWithStream();
    await endpoint.documents.put({ TableName: table, Item: { pk: "kept", sk: "1" } });
    const set = (StreamEnabled: boolean) =>
      endpoint.dynamodb.send(
        new UpdateTableCommand({
          TableName: table,
          StreamSpecification: { StreamEnabled, ...(StreamEnabled ? { StreamViewType: "KEYS_ONLY" } : {}) },
        }),
      );
    await set(false);
    await endpoint.documents.put({ TableName: table, Item: { pk: "unseen", sk: "1" } });
    await set(true);
    await endpoint.documents.put({ TableName: table, Item: { pk: "seen", sk: "1", more: 1 } });

    const ShardIterator = await iterator({ StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" });
    const old = await endpoint.streams.send(new GetRecordsCommand({ ShardIterator }));
    expect(old.Records?.map(({ dynamodb }) => dynamodb?.Keys?.pk?.S)).toEqual(["kept"]);
    expect(old.NextShardIterator).toBeUndefined();

    const { Streams } = await endpoint.streams.send(new ListStreamsCommand({ TableName: table }));
    expect(Streams).toHaveLength(2);
    const fresh = Streams?.find((stream) => stream.StreamArn !== StreamArn)?.StreamArn ?? "";
    const { StreamDescription } = await endpoint.streams.send(
      new DescribeStreamCommand({ StreamArn: fresh }),
    );
    const shard = { StreamArn: fresh, ShardId: StreamDescription?.Shards?.[0]?.ShardId };
    const records = await readAll(await iterator({ ...shard, ShardIteratorType: "TRIM_HORIZON" }), 1);
    expect(records[0]?.dynamodb?.Keys?.pk?.S).toBe("seen");
    expect(records[0]?.dynamodb?.NewImage).toBeUndefined();
  });
});
