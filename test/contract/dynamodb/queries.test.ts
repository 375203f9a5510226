import type { QueryCommandInput } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Endpoint, openEndpoint } from "./endpoint.ts";
import { createTemporaryTable, deleteTable, failureOf } from "./tables.ts";

let endpoint: Endpoint;
let table: string;

const COUNT = 120;
const day = (n: number) => `2031-${String(1 + (n % 12)).padStart(2, "0")}-${String(n).padStart(4, "0")}`;

beforeAll(async () => {
  endpoint = await openEndpoint();
  table = await createTemporaryTable(endpoint, ["gsi1", "gsi2"], {
    AttributeDefinitions: [
      ...["pk", "sk", "gsi1pk", "gsi1sk", "gsi2pk", "gsi2sk", "state", "local"].map((AttributeName) => ({
        AttributeName,
        AttributeType: "S" as const,
      })),
      { AttributeName: "amount", AttributeType: "N" as const },
    ],
    GlobalSecondaryIndexes: [
      index("gsi1", "gsi1pk", "gsi1sk", { ProjectionType: "ALL" }),
      index("gsi2", "gsi2pk", "gsi2sk", { ProjectionType: "INCLUDE", NonKeyAttributes: ["reason"] }),
      index("by-amount", "gsi1pk", "amount", { ProjectionType: "KEYS_ONLY" }),
      {
        IndexName: "by-state",
        KeySchema: [{ AttributeName: "state", KeyType: "HASH" }],
        Projection: { ProjectionType: "ALL" },
      },
    ],
    LocalSecondaryIndexes: [index("by-local", "pk", "local", { ProjectionType: "KEYS_ONLY" })],
  });
  const items = Array.from({ length: COUNT }, (_, n) => ({
    pk: "req",
    sk: String(n).padStart(4, "0"),
    gsi1pk: "all",
    gsi1sk: day(n),
    ...(n % 10 === 0 ? { gsi2pk: "open", gsi2sk: day(n) } : {}),
    state: "same",
    amount: (n - 60) * 1.5,
    local: String(COUNT - n).padStart(4, "0"),
    reason: `reason ${n}`,
    secret: "x",
  }));
  for (let from = 0; from < COUNT; from += 25) {
    await endpoint.documents.batchWrite({
      RequestItems: { [table]: items.slice(from, from + 25).map((Item) => ({ PutRequest: { Item } })) },
    });
  }
});
afterAll(async () => {
  await deleteTable(endpoint, table);
  await endpoint.close();
});

function index<P>(IndexName: string, hash: string, range: string, Projection: P) {
  const KeySchema = [
    { AttributeName: hash, KeyType: "HASH" as const },
    { AttributeName: range, KeyType: "RANGE" as const },
  ];
  return { IndexName, KeySchema, Projection };
}

type Found = Record<string, unknown>;

async function all(input: Omit<QueryCommandInput, "TableName">): Promise<{ items: Found[]; pages: number }> {
  const items: Found[] = [];
  let pages = 0;
  let ExclusiveStartKey: Found | undefined;
  do {
    const page = await endpoint.documents.query({ TableName: table, ...input, ExclusiveStartKey });
    items.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
    pages++;
  } while (ExclusiveStartKey !== undefined);
  return { items, pages };
}

const where = (condition: string, values: Found) => ({
  KeyConditionExpression: condition,
  ExpressionAttributeValues: values,
});
const sks = (items: Found[]) => items.map(({ sk }) => String(sk));

describe("pages", () => {
  it.each([1, 7, 50, 119, 120])(
    "pages of %i, forwards and backwards, are the whole partition once, in order",
    async (Limit) => {
      const forwards = await all({ ...where("pk = :p", { ":p": "req" }), Limit });
      expect(sks(forwards.items)).toEqual(
        Array.from({ length: COUNT }, (_, n) => String(n).padStart(4, "0")),
      );
      const backwards = await all({ ...where("pk = :p", { ":p": "req" }), Limit, ScanIndexForward: false });
      expect(sks(backwards.items)).toEqual(sks(forwards.items).toReversed());
    },
  );

  it.each([true, false])(
    "pages of an index are the whole index once, in the order of its key (forward: %s)",
    async (forward) => {
      const { items } = await all({
        ...where("gsi1pk = :p", { ":p": "all" }),
        IndexName: "gsi1",
        Limit: 7,
        ScanIndexForward: forward,
      });
      const order = items.map(({ gsi1sk }) => String(gsi1sk));
      expect(new Set(sks(items)).size).toBe(COUNT);
      expect(order).toEqual(forward ? order.toSorted() : order.toSorted().toReversed());
    },
  );

  it("items that share one index key are all there, once", async () => {
    const input = { ...where("#s = :s", { ":s": "same" }), ExpressionAttributeNames: { "#s": "state" } };
    const { items } = await all({ ...input, IndexName: "by-state", Limit: 11 });
    expect(new Set(sks(items)).size).toBe(COUNT);
    expect(items).toHaveLength(COUNT);
  });

  it("a filter is applied behind the limit, so a page may be empty and yet not the last", async () => {
    const page = await endpoint.documents.query({
      TableName: table,
      KeyConditionExpression: "pk = :p",
      FilterExpression: "reason = :r",
      ExpressionAttributeValues: { ":p": "req", ":r": "reason 50" },
      Limit: 10,
    });
    expect(page).toMatchObject({ Count: 0, ScannedCount: 10, LastEvaluatedKey: { pk: "req", sk: "0009" } });
  });

  it("a page ends at 1 MB", async () => {
    for (let n = 0; n < 4; n++) {
      await endpoint.documents.put({
        TableName: table,
        Item: { pk: "wide", sk: String(n), text: "x".repeat(350 * 1024) },
      });
    }
    const first = await endpoint.documents.query({ TableName: table, ...where("pk = :p", { ":p": "wide" }) });
    expect(first.Items).toHaveLength(3);
    expect((await all(where("pk = :p", { ":p": "wide" }))).items).toHaveLength(4);
  });

  it("a start key of another partition is refused", async () => {
    const call = endpoint.documents.query({
      TableName: table,
      ...where("pk = :p", { ":p": "req" }),
      ExclusiveStartKey: { pk: "other", sk: "1" },
    });
    expect((await failureOf(call)).name).toBe("ValidationException");
  });
});

describe("key conditions", () => {
  it.each([
    ["sk = :a", { ":a": "0005" }, 1],
    ["sk < :a", { ":a": "0005" }, 5],
    ["sk <= :a", { ":a": "0005" }, 6],
    ["sk > :a", { ":a": "0115" }, 4],
    ["sk >= :a", { ":a": "0115" }, 5],
    ["sk BETWEEN :a AND :b", { ":a": "0010", ":b": "0019" }, 10],
    ["begins_with(sk, :a)", { ":a": "001" }, 10],
  ])("pk = :p AND %s", async (condition, values, count) => {
    const { items } = await all({
      ...where(`pk = :p AND ${condition}`, { ":p": "req", ...values }),
      Limit: 3,
    });
    expect(items).toHaveLength(count);
  });

  it("numbers are ordered as numbers, negative and broken ones too", async () => {
    const { items } = await all({
      ...where("gsi1pk = :p", { ":p": "all" }),
      IndexName: "by-amount",
      Limit: 13,
    });
    const amounts = items.map(({ amount }) => Number(amount));
    expect(amounts).toEqual(amounts.toSorted((left, right) => left - right));
    const some = await all({
      ...where("gsi1pk = :p AND amount BETWEEN :a AND :b", { ":p": "all", ":a": -4.5, ":b": 3 }),
      IndexName: "by-amount",
    });
    expect(some.items.map(({ amount }) => amount)).toEqual([-4.5, -3, -1.5, 0, 1.5, 3]);
  });
});

describe("indexes", () => {
  const open = where("gsi2pk = :p", { ":p": "open" });

  it("an item without the key of an index is not in it (sparse)", async () => {
    const { items } = await all({ ...open, IndexName: "gsi2", Limit: 5 });
    expect(sks(items).toSorted()).toEqual(
      Array.from({ length: 12 }, (_, n) => String(n * 10).padStart(4, "0")),
    );
  });

  it("an entry shows the projected attributes and no others", async () => {
    const { items } = await all({ ...open, IndexName: "gsi2" });
    expect(Object.keys(items[0] ?? {}).toSorted()).toEqual(["gsi2pk", "gsi2sk", "pk", "reason", "sk"]);
    const keysOnly = await all({ ...where("gsi1pk = :p", { ":p": "all" }), IndexName: "by-amount" });
    expect(Object.keys(keysOnly.items[0] ?? {}).toSorted()).toEqual(["amount", "gsi1pk", "pk", "sk"]);
  });

  it("an entry goes when its key attribute is removed, and moves when it is changed", async () => {
    const Key = { pk: "req", sk: "0000" };
    const update = (UpdateExpression: string, ExpressionAttributeValues?: Found) =>
      endpoint.documents.update({ TableName: table, Key, UpdateExpression, ExpressionAttributeValues });
    await update("REMOVE gsi2pk");
    await expect
      .poll(async () => sks((await all({ ...open, IndexName: "gsi2" })).items))
      .not.toContain("0000");
    await update("SET gsi2pk = :p", { ":p": "moved" });
    const moved = () => all({ ...where("gsi2pk = :p", { ":p": "moved" }), IndexName: "gsi2" });
    await expect.poll(async () => sks((await moved()).items)).toEqual(["0000"]);
    await update("SET gsi2pk = :p", { ":p": "open" });
    await expect.poll(async () => (await moved()).items).toEqual([]);
  });

  it("a local index can be asked for all attributes, and consistently", async () => {
    const { items } = await all({
      ...where("pk = :p AND #l <= :l", { ":p": "req", ":l": "0003" }),
      ExpressionAttributeNames: { "#l": "local" },
      IndexName: "by-local",
      Select: "ALL_ATTRIBUTES",
      ConsistentRead: true,
    });
    expect(items.map(({ reason }) => reason)).toEqual(["reason 119", "reason 118", "reason 117"]);
  });

  it("a global index cannot be read consistently", async () => {
    const call = endpoint.documents.query({
      TableName: table,
      ...open,
      IndexName: "gsi2",
      ConsistentRead: true,
    });
    expect((await failureOf(call)).name).toBe("ValidationException");
  });

  it("a scan of the table and of an index finds everything, in segments too", async () => {
    const scan = async (input: { IndexName?: string; Segment?: number; TotalSegments?: number }) => {
      const found: Found[] = [];
      let ExclusiveStartKey: Found | undefined;
      do {
        const page = await endpoint.documents.scan({
          TableName: table,
          ...input,
          Limit: 17,
          ...(ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey }),
        });
        found.push(...(page.Items ?? []));
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey !== undefined);
      return found.filter(({ pk }) => pk === "req").length;
    };
    expect(await scan({})).toBe(COUNT);
    expect(await scan({ IndexName: "gsi1" })).toBe(COUNT);
    expect(
      (await scan({ Segment: 0, TotalSegments: 2 })) + (await scan({ Segment: 1, TotalSegments: 2 })),
    ).toBe(COUNT);
  });
});
