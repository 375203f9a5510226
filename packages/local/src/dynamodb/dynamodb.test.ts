import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDynamoDb, type DynamoDb } from "./dynamodb.ts";

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2031, 0, 1);

let now: number;
let dynamoDb: DynamoDb;

beforeEach(async () => {
  now = START_MS;
  dynamoDb = await createDynamoDb({ folder: undefined, clock: () => now });
  await call("CreateTable", {
    TableName: "ledger",
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: ["pk", "gsi1pk"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    GlobalSecondaryIndexes: [
      {
        IndexName: "gsi1",
        KeySchema: [{ AttributeName: "gsi1pk", KeyType: "HASH" }],
        Projection: { ProjectionType: "ALL" },
      },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
  });
});
afterEach(() => dynamoDb.close());

type Answer = Record<string, unknown> & { status: number };

async function call(operation: string, input: object, headers: Record<string, string> = {}): Promise<Answer> {
  const service = STREAM_OPERATIONS.has(operation) ? "DynamoDBStreams_20120810" : "DynamoDB_20120810";
  const response = await dynamoDb.handle(
    new Request("http://127.0.0.1/", {
      method: "POST",
      headers: {
        "x-amz-target": `${service}.${operation}`,
        authorization: "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=c",
        ...headers,
      },
      body: JSON.stringify(input),
    }),
  );
  return { status: response.status, ...((await response.json()) as Record<string, unknown>) };
}

const STREAM_OPERATIONS = new Set(["ListStreams", "DescribeStream", "GetShardIterator", "GetRecords"]);
const put = (pk: string, more = {}) =>
  call("PutItem", { TableName: "ledger", Item: { pk: { S: pk }, ...more } });
const get = async (pk: string) =>
  (await call("GetItem", { TableName: "ledger", Key: { pk: { S: pk } } })).Item;
const countUp = (ClientRequestToken: string, by = "1") =>
  call("TransactWriteItems", {
    ClientRequestToken,
    TransactItems: [
      {
        Update: {
          TableName: "ledger",
          Key: { pk: { S: "count" } },
          UpdateExpression: "ADD n :by",
          ExpressionAttributeValues: { ":by": { N: by } },
        },
      },
    ],
  });

describe("client tokens", () => {
  it("a repeat counts as one for ten minutes, then as another", async () => {
    await countUp("token");
    now += 10 * 60_000 - 1;
    await countUp("token");
    expect(await get("count")).toMatchObject({ n: { N: "1" } });
    expect(await countUp("token", "5")).toMatchObject({
      status: 400,
      __type: expect.stringContaining("Mismatch"),
    });
    now += 1;
    await countUp("token");
    expect(await get("count")).toMatchObject({ n: { N: "2" } });
  });

  it("tidying forgets old tokens and keeps those that were used again", async () => {
    await countUp("old");
    now += 9 * 60_000;
    await countUp("young");
    now += 2 * 60_000;
    await dynamoDb.tidy();
    await countUp("young");
    await countUp("old");
    await dynamoDb.tidy();
    await countUp("old");
    expect(await get("count")).toMatchObject({ n: { N: "3" } });
  });
});

describe("stream records", () => {
  async function iterator(more: object = { ShardIteratorType: "TRIM_HORIZON" }): Promise<Answer> {
    const { Streams } = await call("ListStreams", { TableName: "ledger" });
    const [stream] = Streams as { StreamArn: string }[];
    const { StreamDescription } = await call("DescribeStream", { StreamArn: stream?.StreamArn });
    const { Shards } = StreamDescription as { Shards: { ShardId: string }[] };
    return call("GetShardIterator", { StreamArn: stream?.StreamArn, ShardId: Shards[0]?.ShardId, ...more });
  }
  async function records(): Promise<{ dynamodb: { Keys: unknown; SequenceNumber: string } }[]> {
    const { ShardIterator } = await iterator();
    const { Records } = await call("GetRecords", { ShardIterator });
    return Records as { dynamodb: { Keys: unknown; SequenceNumber: string } }[];
  }

  it("are kept for 24 hours and not longer", async () => {
    await put("first");
    now += DAY_MS - 1;
    await put("second");
    expect(await records()).toHaveLength(2);
    now += 1;
    expect((await records()).map(({ dynamodb }) => dynamodb.Keys)).toEqual([{ pk: { S: "second" } }]);
  });

  it("that were trimmed cannot be asked for by number, and numbers go on behind them", async () => {
    await put("first");
    await put("second");
    const [first, second] = await records();
    now += DAY_MS;
    await dynamoDb.tidy();
    const from = (SequenceNumber: string | undefined) =>
      iterator({ ShardIteratorType: "AT_SEQUENCE_NUMBER", SequenceNumber });
    expect(await from(first?.dynamodb.SequenceNumber)).toMatchObject({
      status: 400,
      __type: expect.stringContaining("TrimmedDataAccessException"),
    });
    await put("third");
    const [third] = await records();
    expect(BigInt(third?.dynamodb.SequenceNumber ?? 0)).toBe(
      BigInt(second?.dynamodb.SequenceNumber ?? 0) + 1n,
    );
  });

  it("an iterator is good for 15 minutes", async () => {
    const { ShardIterator } = await iterator();
    now += 15 * 60_000;
    expect((await call("GetRecords", { ShardIterator })).status).toBe(200);
    now += 1;
    expect(await call("GetRecords", { ShardIterator })).toMatchObject({
      __type: expect.stringContaining("ExpiredIteratorException"),
    });
  });

  it("an item that expires is removed by the service, and its record says so", async () => {
    const seconds = START_MS / 1000;
    await put("before", { expiresAt: { N: String(seconds + 60) } });
    await call("UpdateTimeToLive", {
      TableName: "ledger",
      TimeToLiveSpecification: { Enabled: true, AttributeName: "expiresAt" },
    });
    await put("after", { expiresAt: { N: String(seconds + 60) }, gsi1pk: { S: "x" } });
    await put("moved", { expiresAt: { N: String(seconds + 60) } });
    await put("moved", { expiresAt: { N: String(seconds + 61) } });
    await put("ancient", { expiresAt: { N: "1000" } });
    await put("text", { expiresAt: { S: String(seconds) } });
    await dynamoDb.tidy();
    expect(await get("before")).toBeDefined();

    now += 60_000;
    await dynamoDb.tidy();
    const there = await Promise.all(["before", "after", "moved", "ancient", "text"].map(get));
    expect(there.map((item) => item !== undefined)).toEqual([false, false, true, true, true]);
    expect((await call("Scan", { TableName: "ledger", IndexName: "gsi1" })).Items).toEqual([]);
    const removed = (await records()).filter((record) => "userIdentity" in record);
    expect(removed).toHaveLength(2);
    expect(removed[0]).toMatchObject({
      eventName: "REMOVE",
      userIdentity: { PrincipalId: "dynamodb.amazonaws.com", Type: "Service" },
    });
  });

  it("an expiry that lags leaves the item until the lag is over", async () => {
    dynamoDb.faults.set([{ fault: "ttl-lag", lagMs: 30_000 }]);
    await call("UpdateTimeToLive", {
      TableName: "ledger",
      TimeToLiveSpecification: { Enabled: true, AttributeName: "expiresAt" },
    });
    await put("late", { expiresAt: { N: String(START_MS / 1000 + 10) } });
    now += 39_000;
    await dynamoDb.tidy();
    expect(await get("late")).toBeDefined();
    now += 1_000;
    await dynamoDb.tidy();
    expect(await get("late")).toBeUndefined();
  });
});

describe("a lagging index", () => {
  const query = async () => {
    const { Items } = await call("Query", {
      TableName: "ledger",
      IndexName: "gsi1",
      KeyConditionExpression: "gsi1pk = :x",
      ExpressionAttributeValues: { ":x": { S: "x" } },
    });
    return (Items as { pk: { S: string }; v?: { N: string } }[])
      .map(({ pk, v }) => `${pk.S}${v?.N ?? ""}`)
      .toSorted();
  };
  const inIndex = (v: string) => ({ gsi1pk: { S: "x" }, v: { N: v } });

  it("shows what was there the lag ago: new, changed and removed items late, and the table at once", async () => {
    await put("changed", inIndex("1"));
    await put("removed", inIndex("1"));
    dynamoDb.faults.set([{ fault: "index-lag", lagMs: 500 }]);
    now += 1000;
    await put("new", inIndex("1"));
    await put("changed", inIndex("2"));
    await call("DeleteItem", { TableName: "ledger", Key: { pk: { S: "removed" } } });
    now += 400;
    await put("changed", inIndex("3"));
    expect(await get("changed")).toMatchObject({ v: { N: "3" } });
    expect(await query()).toEqual(["changed1", "removed1"]);
    now += 100;
    expect(await query()).toEqual(["changed2", "new1"]);
    now += 400;
    expect(await query()).toEqual(["changed3", "new1"]);
  });

  it("pages of it are whole and in order, both ways", async () => {
    dynamoDb.faults.set([{ fault: "index-lag", lagMs: 500 }]);
    for (let n = 0; n < 9; n++) await put(`item ${n}`, inIndex("1"));
    now += 1000;
    for (let n = 0; n < 9; n += 2) await put(`item ${n}`, { gsi1pk: { S: "y" } });
    for (const ScanIndexForward of [true, false]) {
      const found: string[] = [];
      let ExclusiveStartKey: unknown;
      do {
        const page = await call("Query", {
          TableName: "ledger",
          IndexName: "gsi1",
          KeyConditionExpression: "gsi1pk = :x",
          ExpressionAttributeValues: { ":x": { S: "x" } },
          Limit: 2,
          ScanIndexForward,
          ...(ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey }),
        });
        found.push(...(page.Items as { pk: { S: string } }[]).map(({ pk }) => pk.S));
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey !== undefined);
      expect(found.toSorted()).toEqual(Array.from({ length: 9 }, (_, n) => `item ${n}`));
    }
  });
});

describe("requests", () => {
  it.each([
    ["without a signature", { authorization: "" }, "MissingAuthenticationTokenException"],
    ["with a bearer token", { authorization: "Bearer abc" }, "MissingAuthenticationTokenException"],
    [
      "with half a signature",
      { authorization: "AWS4-HMAC-SHA256 Credential=a" },
      "IncompleteSignatureException",
    ],
    ["for another service", { "x-amz-target": "secretsmanager.GetSecretValue" }, "UnknownOperationException"],
    [
      "for an operation that is not built",
      { "x-amz-target": "DynamoDB_20120810.CreateBackup" },
      "UnknownOperation",
    ],
  ])("%s are refused and change nothing", async (_what, headers, type) => {
    const input = { TableName: "ledger", Item: { pk: { S: "refused" } } };
    expect(await call("PutItem", input, headers)).toMatchObject({
      status: 400,
      __type: expect.stringContaining(type),
    });
    expect(await get("refused")).toBeUndefined();
  });

  it("what one machine cannot honour is refused, not ignored", async () => {
    const table = {
      TableName: "encrypted",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    };
    const answer = await call("CreateTable", { ...table, SSESpecification: { Enabled: true } });
    expect(answer).toMatchObject({ status: 400, __type: expect.stringContaining("ValidationException") });
  });

  it("a transaction with an unknown member is refused", async () => {
    const answer = await call("TransactWriteItems", {
      TransactItems: [{ Put: { TableName: "ledger", Item: { pk: { S: "x" } }, Expected: {} } }],
    });
    expect(answer.status).toBe(400);
    expect(await get("x")).toBeUndefined();
  });
});
