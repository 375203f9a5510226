import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Endpoint, openEndpoint } from "./endpoint.ts";
import { createTemporaryTable, deleteTable, failureOf } from "./tables.ts";

let endpoint: Endpoint;
let table: string;

beforeAll(async () => {
  endpoint = await openEndpoint();
  table = await createTemporaryTable(endpoint);
});
afterAll(async () => {
  await deleteTable(endpoint, table);
  await endpoint.close();
});

const put = (item: Record<string, unknown>, more = {}) =>
  endpoint.documents.put({ TableName: table, Item: item, ...more });
const get = async (pk: string, sk: string) =>
  (await endpoint.documents.get({ TableName: table, Key: { pk, sk }, ConsistentRead: true })).Item;

describe("conditional writes", () => {
  it("a put that must be new leaves an item that is there untouched", async () => {
    await put({ pk: "new", sk: "1", by: "first" }, { ConditionExpression: "attribute_not_exists(pk)" });
    const failure = await failureOf(
      put({ pk: "new", sk: "1", by: "second" }, { ConditionExpression: "attribute_not_exists(pk)" }),
    );
    expect(failure.name).toBe("ConditionalCheckFailedException");
    expect(failure.Item).toBeUndefined();
    expect(await get("new", "1")).toEqual({ pk: "new", sk: "1", by: "first" });
  });

  it.each(["put", "update", "delete"] as const)(
    "a failed %s gives the old item where ALL_OLD asks for it",
    async (kind) => {
      const old = { pk: "old", sk: kind, version: 3, list: [1, { deep: true }] };
      const list = { L: [{ N: "1" }, { M: { deep: { BOOL: true } } }] };
      await put(old);
      const condition = {
        TableName: table,
        ConditionExpression: "version = :v",
        ExpressionAttributeValues: { ":v": 2 },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
      };
      const Key = { pk: "old", sk: kind };
      const call = {
        put: () => endpoint.documents.put({ ...condition, Item: { ...Key, version: 9 } }),
        update: () => endpoint.documents.update({ ...condition, Key, UpdateExpression: "SET version = :v" }),
        delete: () => endpoint.documents.delete({ ...condition, Key }),
      }[kind];
      const failure = await failureOf(call());
      expect(failure.name).toBe("ConditionalCheckFailedException");
      expect(failure.Item).toEqual({ pk: { S: "old" }, sk: { S: kind }, version: { N: "3" }, list });
      expect(await get("old", kind)).toEqual(old);
    },
  );

  it("of two writers with the same version one wins", async () => {
    await put({ pk: "race", sk: "1", version: 1 });
    const move = (by: string) =>
      endpoint.documents.update({
        TableName: table,
        Key: { pk: "race", sk: "1" },
        UpdateExpression: "SET version = version + :one, #by = :by",
        ConditionExpression: "version = :seen",
        ExpressionAttributeNames: { "#by": "by" },
        ExpressionAttributeValues: { ":one": 1, ":seen": 1, ":by": by },
      });
    const outcomes = await Promise.allSettled(["a", "b", "c", "d"].map(move));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await get("race", "1"))?.version).toBe(2);
  });

  it("an update makes the item when it is missing and answers the values asked for", async () => {
    const { Attributes } = await endpoint.documents.update({
      TableName: table,
      Key: { pk: "made", sk: "1" },
      UpdateExpression: "SET #m = :m, #c = if_not_exists(#c, :zero) + :one ADD tags :tags",
      ExpressionAttributeNames: { "#m": "map", "#c": "count" },
      ExpressionAttributeValues: { ":m": { a: [1] }, ":zero": 0, ":one": 1, ":tags": new Set(["x"]) },
      ReturnValues: "ALL_NEW",
    });
    expect(Attributes).toEqual({ pk: "made", sk: "1", map: { a: [1] }, count: 1, tags: new Set(["x"]) });
    const next = await endpoint.documents.update({
      TableName: table,
      Key: { pk: "made", sk: "1" },
      UpdateExpression: "SET #m.a[1] = :two REMOVE #c DELETE tags :tags",
      ExpressionAttributeNames: { "#m": "map", "#c": "count" },
      ExpressionAttributeValues: { ":two": 2, ":tags": new Set(["x"]) },
      ReturnValues: "ALL_NEW",
    });
    expect(next.Attributes).toEqual({ pk: "made", sk: "1", map: { a: [1, 2] } });
  });

  it("a delete gives back what it removed", async () => {
    await put({ pk: "gone", sk: "1", n: 1 });
    const Key = { pk: "gone", sk: "1" };
    const removed = await endpoint.documents.delete({ TableName: table, Key, ReturnValues: "ALL_OLD" });
    expect(removed.Attributes).toEqual({ pk: "gone", sk: "1", n: 1 });
    expect(await get("gone", "1")).toBeUndefined();
  });
});

describe("limits and bad input", () => {
  it("an item is limited to 400 KB, counted in bytes", async () => {
    const most = 400 * 1024 - "pk".length - "big".length - "sk".length - "1".length - "text".length;
    await put({ pk: "big", sk: "1", text: "x".repeat(most) });
    expect((await failureOf(put({ pk: "big", sk: "1", text: "x".repeat(most + 1) }))).name).toBe(
      "ValidationException",
    );
    const kanji = "\u6f22".repeat(Math.ceil(most / 3) + 1);
    expect((await failureOf(put({ pk: "big", sk: "2", text: kanji }))).name).toBe("ValidationException");
    expect(await get("big", "2")).toBeUndefined();
  });

  it("an update cannot grow an item over 400 KB", async () => {
    await put({ pk: "grow", sk: "1", text: "x".repeat(390 * 1024) });
    const failure = await failureOf(
      endpoint.documents.update({
        TableName: table,
        Key: { pk: "grow", sk: "1" },
        UpdateExpression: "SET more = :more",
        ExpressionAttributeValues: { ":more": "y".repeat(11 * 1024) },
      }),
    );
    expect(failure.name).toBe("ValidationException");
    expect((await get("grow", "1"))?.more).toBeUndefined();
  });

  it.each([
    ["a missing range key", { pk: "bad" }],
    ["a key of another type", { pk: 1, sk: "1" }],
    ["an empty key", { pk: "", sk: "1" }],
    ["an index key of another type", { pk: "bad", sk: "1", gsi1pk: 1, gsi1sk: "x" }],
    ["an empty index key", { pk: "bad", sk: "1", gsi1pk: "", gsi1sk: "x" }],
    ["a range key over 1024 bytes", { pk: "bad", sk: "x".repeat(1025) }],
    ["a hash key over 2048 bytes", { pk: "x".repeat(2049), sk: "1" }],
  ])("%s is refused and nothing is stored", async (_what, item) => {
    expect((await failureOf(put(item))).name).toBe("ValidationException");
    expect(await get("bad", "1")).toBeUndefined();
  });

  it.each([
    ["an unused name", { ExpressionAttributeNames: { "#unused": "x" } }],
    ["a broken expression", { ConditionExpression: "attribute_exists(" }],
    ["an undefined value", { ConditionExpression: "a = :missing" }],
    ["a reserved word", { ConditionExpression: "attribute_exists(status)" }],
  ])("%s is refused", async (_what, more) => {
    expect((await failureOf(put({ pk: "expr", sk: "1" }, more))).name).toBe("ValidationException");
  });

  it("a table that does not exist is named so", async () => {
    const call = endpoint.documents.put({ TableName: "contract-nowhere", Item: { pk: "1", sk: "1" } });
    expect((await failureOf(call)).name).toBe("ResourceNotFoundException");
  });

  it("a request without a signature is refused", async () => {
    const response = await fetch(endpoint.url, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "DynamoDB_20120810.GetItem",
      },
      body: JSON.stringify({ TableName: table, Key: { pk: { S: "new" }, sk: { S: "1" } } }),
    });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("MissingAuthenticationTokenException");
  });
});

describe("batches", () => {
  const items = Array.from({ length: 25 }, (_, n) => ({
    pk: "batch",
    sk: String(n),
    gsi1pk: "batch",
    gsi1sk: String(n),
  }));

  it("25 items are put, read and deleted at once, with their index entries", async () => {
    await endpoint.documents.batchWrite({
      RequestItems: { [table]: items.map((Item) => ({ PutRequest: { Item } })) },
    });
    const read = await endpoint.documents.batchGet({
      RequestItems: { [table]: { Keys: items.map(({ pk, sk }) => ({ pk, sk })), ConsistentRead: true } },
    });
    expect(read.Responses?.[table]).toHaveLength(25);
    await endpoint.documents.batchWrite({
      RequestItems: { [table]: items.map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } })) },
    });
    expect(await get("batch", "3")).toBeUndefined();
  });

  it("26 items, or the same item twice, are refused", async () => {
    const write = (all: Record<string, unknown>[]) =>
      endpoint.documents.batchWrite({
        RequestItems: { [table]: all.map((Item) => ({ PutRequest: { Item } })) },
      });
    const one = { pk: "batch", sk: "one" };
    expect((await failureOf(write([...items, one]))).name).toBe("ValidationException");
    expect((await failureOf(write([one, one]))).name).toBe("ValidationException");
    expect(await get("batch", "one")).toBeUndefined();
  });
});
