import { createDynamoDb, type DynamoDb } from "@daypass/local/dynamodb/dynamodb.ts";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { clientWithoutRetries, type Endpoint, serve } from "../endpoint.ts";
import { createTemporaryTable, failureOf } from "../tables.ts";

let local: DynamoDb;
let endpoint: Endpoint;
let table: string;
let other: string;

beforeAll(async () => {
  local = await createDynamoDb({ folder: undefined });
  endpoint = await serve(local);
  table = await createTemporaryTable(endpoint);
  other = await createTemporaryTable(endpoint);
});
afterEach(() => local.faults.set([]));
afterAll(() => endpoint.close());

const put = (documents: Endpoint["documents"], sk: string, into = table) =>
  documents.put({ TableName: into, Item: { pk: "f", sk, gsi1pk: "f", gsi1sk: sk } });
const get = async (sk: string) =>
  (await endpoint.documents.get({ TableName: table, Key: { pk: "f", sk } })).Item;
const post = (body: unknown, type = "application/json") =>
  fetch(new URL("/_faults/dynamodb", endpoint.url), {
    method: "POST",
    headers: { "content-type": type },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

describe("what goes wrong", () => {
  it.each([
    ["throughput-exceeded", "ProvisionedThroughputExceededException"],
    ["throttling", "ThrottlingException"],
    ["transaction-conflict", "TransactionConflictException"],
  ] as const)("%s ends a write with %s and stores nothing", async (fault, name) => {
    local.faults.set([{ fault, times: 1 }]);
    expect((await failureOf(put(clientWithoutRetries(endpoint), fault))).name).toBe(name);
    expect(await get(fault)).toBeUndefined();
    await put(endpoint.documents, fault);
    expect(await get(fault)).toBeDefined();
  });

  it("the SDK gets over throttling by itself", async () => {
    local.faults.set([{ fault: "throttling", times: 2 }]);
    await put(endpoint.documents, "retried");
    expect(local.faults.rules()[0]?.struck).toBe(2);
  });

  it("a conflict cancels a transaction with its reason and leaves reads alone", async () => {
    local.faults.set([{ fault: "transaction-conflict" }]);
    const failure = await failureOf(
      endpoint.documents.transactWrite({
        TransactItems: ["x", "y"].map((sk) => ({ Put: { TableName: table, Item: { pk: "f", sk } } })),
      }),
    );
    expect(failure.name).toBe("TransactionCanceledException");
    expect(failure.CancellationReasons).toMatchObject([{ Code: "TransactionConflict" }, { Code: "None" }]);
    expect(await get("x")).toBeUndefined();
  });

  it("a lost answer leaves the write done, and the SDK's second try meets it", async () => {
    local.faults.set([{ fault: "lost-answer", operations: ["PutItem"], times: 1 }]);
    expect((await failureOf(put(clientWithoutRetries(endpoint), "lost"))).name).toBe("InternalServerError");
    expect(await get("lost")).toBeDefined();

    local.faults.set([{ fault: "lost-answer", times: 1 }]);
    const failure = await failureOf(
      endpoint.documents.put({
        TableName: table,
        Item: { pk: "f", sk: "lost again" },
        ConditionExpression: "attribute_not_exists(pk)",
      }),
    );
    expect(failure.name).toBe("ConditionalCheckFailedException");
    expect(await get("lost again")).toBeDefined();
  });

  it("a lost answer of a transaction is made good by its token", async () => {
    local.faults.set([{ fault: "lost-answer", operations: ["TransactWriteItems"], times: 1 }]);
    await endpoint.documents.transactWrite({
      TransactItems: [
        {
          Update: {
            TableName: table,
            Key: { pk: "f", sk: "token" },
            UpdateExpression: "ADD n :one",
            ExpressionAttributeValues: { ":one": 1 },
          },
        },
      ],
    });
    expect(await get("token")).toMatchObject({ n: 1 });
    expect(local.faults.rules()[0]?.struck).toBe(1);
  });

  it("an answer comes late by as much as was set", async () => {
    local.faults.set([{ fault: "slow", delayMs: 150, operations: ["GetItem"] }]);
    const started = performance.now();
    await get("late");
    expect(performance.now() - started).toBeGreaterThanOrEqual(149);
  });
});

describe("what is answered in part", () => {
  const sks = Array.from({ length: 20 }, (_, number) => `part ${String(number).padStart(2, "0")}`);
  const Keys = sks.map((sk) => ({ pk: "f", sk }));
  const query = { KeyConditionExpression: "pk = :f", ExpressionAttributeValues: { ":f": "f" } };
  beforeAll(async () => {
    for (const sk of sks) await put(endpoint.documents, sk);
  });

  it("unprocessed-keys leaves keys unread and names them, with how they were asked for", async () => {
    local.faults.set([{ fault: "unprocessed-keys", share: 0.5, seed: 7 }]);
    const answer = await endpoint.documents.batchGet({
      RequestItems: { [table]: { Keys, ConsistentRead: true } },
    });
    const read = (answer.Responses?.[table] ?? []).map((item) => String(item["sk"]));
    const unread = (answer.UnprocessedKeys?.[table]?.Keys ?? []).map((key) => String(key["sk"]));
    expect([...read, ...unread].toSorted()).toEqual(sks);
    expect(Math.min(read.length, unread.length)).toBeGreaterThan(2);
    expect(answer.UnprocessedKeys?.[table]?.ConsistentRead).toBe(true);
  });

  it("unprocessed-keys without a share leaves all unread", async () => {
    local.faults.set([{ fault: "unprocessed-keys", times: 1 }]);
    const answer = await endpoint.documents.batchGet({ RequestItems: { [table]: { Keys } } });
    expect(answer.Responses).toEqual({ [table]: [] });
    expect(answer.UnprocessedKeys).toEqual({ [table]: { Keys } });
    const next = await endpoint.documents.batchGet({ RequestItems: { [table]: { Keys } } });
    expect(next.Responses?.[table]).toHaveLength(20);
  });

  it("short-pages ends each page early and says where to go on", async () => {
    local.faults.set([{ fault: "short-pages", items: 2 }]);
    const page = await endpoint.documents.query({ ...query, TableName: table, Limit: 10 });
    expect(page.Items).toHaveLength(2);
    const next = await endpoint.documents.query({
      ...query,
      TableName: table,
      ExclusiveStartKey: page.LastEvaluatedKey,
    });
    expect(next.Items).toHaveLength(2);
    expect(next.Items).not.toEqual(page.Items);
  });
});

describe("whom it strikes", () => {
  it("only the operations and tables it names", async () => {
    local.faults.set([{ fault: "throttling", operations: ["PutItem"], tables: [other] }]);
    const once = clientWithoutRetries(endpoint);
    await put(once, "here");
    expect((await failureOf(put(once, "there", other))).name).toBe("ThrottlingException");
    await once.get({ TableName: other, Key: { pk: "f", sk: "there" } });
  });

  it("as often as its probability says, the same calls for the same seed", async () => {
    const once = clientWithoutRetries(endpoint);
    const round = async () => {
      local.faults.set([{ fault: "throttling", probability: 0.5, seed: 7 }]);
      const outcomes = [];
      for (let n = 0; n < 30; n++) {
        outcomes.push(
          await put(once, `seeded ${n}`).then(
            () => "done",
            (error: Error) => error.name,
          ),
        );
      }
      return outcomes;
    };
    const first = await round();
    expect(await round()).toEqual(first);
    expect(new Set(first)).toEqual(new Set(["done", "ThrottlingException"]));
  });
});

describe("setting it from outside", () => {
  it("a POST takes the place of all rules and tells how often each struck", async () => {
    local.faults.set([{ fault: "slow", delayMs: 1 }]);
    const answer = await post({ rules: [{ fault: "throttling", times: 1 }] });
    expect(await answer.json()).toEqual({ rules: [{ rule: { fault: "throttling", times: 1 }, struck: 0 }] });
    await put(endpoint.documents, "posted");
    expect(local.faults.rules()).toMatchObject([{ struck: 1 }]);
    await post({ rules: [] });
    expect(local.faults.rules()).toEqual([]);
  });

  it.each([
    ["an unknown fault", { rules: [{ fault: "fire" }] }],
    ["an unknown member", { rules: [{ fault: "throttling", tiems: 1 }] }],
    ["a probability over one", { rules: [{ fault: "throttling", probability: 2 }] }],
    ["no rules", {}],
    ["no JSON", "rules"],
  ])("%s is refused and changes nothing", async (_what, body) => {
    local.faults.set([{ fault: "slow", delayMs: 1 }]);
    expect((await post(body)).status).toBe(400);
    expect(local.faults.rules()).toHaveLength(1);
  });

  it("a page of another origin cannot set it: plain text is refused", async () => {
    expect((await post({ rules: [{ fault: "throttling" }] }, "text/plain")).status).toBe(415);
    expect(local.faults.rules()).toEqual([]);
  });
});
