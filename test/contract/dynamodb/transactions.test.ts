import { randomUUID } from "node:crypto";
import type { TransactWriteCommandInput } from "@aws-sdk/lib-dynamodb";
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

type Actions = NonNullable<TransactWriteCommandInput["TransactItems"]>;

const transact = (TransactItems: Actions, ClientRequestToken?: string) =>
  endpoint.documents.transactWrite({ TransactItems, ClientRequestToken });
const put = (item: Record<string, unknown>, more = {}) => ({
  Put: { TableName: table, Item: item, ...more },
});
const count = (pk: string) => ({
  Update: {
    TableName: table,
    Key: { pk, sk: "count" },
    UpdateExpression: "ADD n :one",
    ExpressionAttributeValues: { ":one": 1 },
  },
});
const get = async (pk: string, sk: string) =>
  (await endpoint.documents.get({ TableName: table, Key: { pk, sk }, ConsistentRead: true })).Item;
const reasons = (failure: Record<string, unknown>) =>
  (failure.CancellationReasons as { Code?: string; Message?: string; Item?: unknown }[]) ?? [];

describe("all or nothing", () => {
  it("puts, updates, deletes and checks land together", async () => {
    await endpoint.documents.put({ TableName: table, Item: { pk: "t1", sk: "old" } });
    await endpoint.documents.put({ TableName: table, Item: { pk: "t1", sk: "guard", state: "open" } });
    await transact([
      put({ pk: "t1", sk: "new", gsi1pk: "t1", gsi1sk: "new" }),
      count("t1"),
      { Delete: { TableName: table, Key: { pk: "t1", sk: "old" } } },
      {
        ConditionCheck: {
          TableName: table,
          Key: { pk: "t1", sk: "guard" },
          ConditionExpression: "#s = :open",
          ExpressionAttributeNames: { "#s": "state" },
          ExpressionAttributeValues: { ":open": "open" },
        },
      },
    ]);
    expect(await get("t1", "new")).toBeDefined();
    expect(await get("t1", "count")).toMatchObject({ n: 1 });
    expect(await get("t1", "old")).toBeUndefined();
    expect(await get("t1", "guard")).toMatchObject({ state: "open" });
  });

  it("one failed condition cancels everything, with a reason for each action", async () => {
    await endpoint.documents.put({ TableName: table, Item: { pk: "t2", sk: "is", v: 7 } });
    const mustBeNew = { ConditionExpression: "attribute_not_exists(pk)" };
    const failure = await failureOf(
      transact([
        put({ pk: "t2", sk: "other" }),
        put({ pk: "t2", sk: "is" }, { ...mustBeNew, ReturnValuesOnConditionCheckFailure: "ALL_OLD" }),
        count("t2"),
        {
          ConditionCheck: {
            TableName: table,
            Key: { pk: "t2", sk: "missing" },
            ConditionExpression: "attribute_exists(pk)",
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          },
        },
      ]),
    );
    expect(failure.name).toBe("TransactionCanceledException");
    expect(failure.message).toContain("[None, ConditionalCheckFailed, None, ConditionalCheckFailed]");
    expect(reasons(failure).map(({ Code }) => Code)).toEqual([
      "None",
      "ConditionalCheckFailed",
      "None",
      "ConditionalCheckFailed",
    ]);
    expect(reasons(failure)[1]?.Item).toEqual({ pk: { S: "t2" }, sk: { S: "is" }, v: { N: "7" } });
    expect(reasons(failure)[3]?.Item).toBeUndefined();
    expect(await get("t2", "other")).toBeUndefined();
    expect(await get("t2", "count")).toBeUndefined();
    expect(await get("t2", "is")).toEqual({ pk: "t2", sk: "is", v: 7 });
  });

  it("conditions see what was there before the transaction", async () => {
    const failure = await failureOf(
      transact([
        put({ pk: "t3", sk: "a" }),
        {
          ConditionCheck: {
            TableName: table,
            Key: { pk: "t3", sk: "b" },
            ConditionExpression: "attribute_exists(pk)",
          },
        },
      ]),
    );
    expect(reasons(failure).map(({ Code }) => Code)).toEqual(["None", "ConditionalCheckFailed"]);
  });

  it("an update that cannot be applied is a ValidationError among the reasons", async () => {
    await endpoint.documents.put({ TableName: table, Item: { pk: "t4", sk: "count", n: "text" } });
    const failure = await failureOf(transact([put({ pk: "t4", sk: "x" }), count("t4")]));
    expect(reasons(failure).map(({ Code }) => Code)).toEqual(["None", "ValidationError"]);
    expect(await get("t4", "x")).toBeUndefined();
  });

  it("of 20 at once on the same version one is committed", async () => {
    await endpoint.documents.put({ TableName: table, Item: { pk: "t5", sk: "state", v: 0 } });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) =>
        transact([
          {
            Update: {
              TableName: table,
              Key: { pk: "t5", sk: "state" },
              UpdateExpression: "SET v = :next",
              ConditionExpression: "v = :seen",
              ExpressionAttributeValues: { ":seen": 0, ":next": n + 1 },
            },
          },
          put({ pk: "t5", sk: `event ${n}` }),
        ]),
      ),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const events = await endpoint.documents.query({
      TableName: table,
      KeyConditionExpression: "pk = :p AND begins_with(sk, :e)",
      ExpressionAttributeValues: { ":p": "t5", ":e": "event" },
      ConsistentRead: true,
    });
    expect(events.Items).toHaveLength(1);
  });
});

describe("the client token", () => {
  it("the same request under the same token is done once", async () => {
    const token = randomUUID();
    await transact([count("k1")], token);
    await transact([count("k1")], token);
    expect(await get("k1", "count")).toMatchObject({ n: 1 });
    await transact([count("k1")], randomUUID());
    expect(await get("k1", "count")).toMatchObject({ n: 2 });
  });

  it("another request under the same token is refused", async () => {
    const token = randomUUID();
    await transact([count("k2")], token);
    const failure = await failureOf(transact([count("k3")], token));
    expect(failure.name).toBe("IdempotentParameterMismatchException");
    expect(await get("k3", "count")).toBeUndefined();
  });

  it("a cancelled transaction leaves its token free", async () => {
    const token = randomUUID();
    const guarded: Actions = [
      {
        ConditionCheck: {
          TableName: table,
          Key: { pk: "k4", sk: "guard" },
          ConditionExpression: "attribute_exists(pk)",
        },
      },
      count("k4"),
    ];
    expect((await failureOf(transact(guarded, token))).name).toBe("TransactionCanceledException");
    await endpoint.documents.put({ TableName: table, Item: { pk: "k4", sk: "guard" } });
    await transact(guarded, token);
    expect(await get("k4", "count")).toMatchObject({ n: 1 });
  });
});

describe("limits", () => {
  it("takes 100 actions and refuses 101", async () => {
    const many = (length: number) => Array.from({ length }, (_, n) => put({ pk: "many", sk: String(n) }));
    expect((await failureOf(transact(many(101)))).name).toBe("ValidationException");
    expect(await get("many", "0")).toBeUndefined();
    await transact(many(100));
    expect(await get("many", "99")).toBeDefined();
  });

  it("refuses two actions on one item", async () => {
    const failure = await failureOf(
      transact([
        put({ pk: "twice", sk: "1" }),
        { Delete: { TableName: table, Key: { pk: "twice", sk: "1" } } },
      ]),
    );
    expect(failure.name).toBe("ValidationException");
    expect(failure.message).toContain("multiple operations on one item");
  });

  it("refuses more than 4 MB together", async () => {
    const items = Array.from({ length: 11 }, (_, n) =>
      put({ pk: "heavy", sk: String(n), text: "x".repeat(390 * 1024) }),
    );
    expect((await failureOf(transact(items))).name).toBe("ValidationException");
    expect(await get("heavy", "0")).toBeUndefined();
    await transact(items.slice(0, 10));
  });

  it("refuses an action that is none, an empty list, and a table that does not exist", async () => {
    expect((await failureOf(transact([]))).name).toBe("ValidationException");
    expect((await failureOf(transact([{}]))).name).toBe("ValidationException");
    const nowhere = { Put: { TableName: "contract-nowhere", Item: { pk: "1", sk: "1" } } };
    expect((await failureOf(transact([put({ pk: "some", sk: "1" }), nowhere]))).name).toBe(
      "ResourceNotFoundException",
    );
    expect(await get("some", "1")).toBeUndefined();
  });
});

describe("reading together", () => {
  it("gets items of one instant: a transaction is never seen in part", async () => {
    const both = (n: number) => ["a", "b"].map((sk) => put({ pk: "pair", sk, n }));
    await transact(both(0));
    let writing = true;
    const writer = (async () => {
      for (let n = 1; n <= 60; n++) await transact(both(n));
      writing = false;
    })();
    while (writing) {
      const { Responses } = await endpoint.documents.transactGet({
        TransactItems: ["a", "b"].map((sk) => ({ Get: { TableName: table, Key: { pk: "pair", sk } } })),
      });
      const [a, b] = Responses ?? [];
      expect(a?.Item?.n).toBe(b?.Item?.n);
    }
    await writer;
  });

  it("answers in the order asked, with nothing for what is missing, and honours projections", async () => {
    await endpoint.documents.put({ TableName: table, Item: { pk: "g", sk: "1", a: 1, b: 2 } });
    const { Responses } = await endpoint.documents.transactGet({
      TransactItems: [
        { Get: { TableName: table, Key: { pk: "g", sk: "0" } } },
        { Get: { TableName: table, Key: { pk: "g", sk: "1" }, ProjectionExpression: "b" } },
      ],
    });
    expect(Responses?.map(({ Item }) => Item)).toEqual([undefined, { b: 2 }]);
  });
});
