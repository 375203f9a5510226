import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListTablesCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Endpoint, openEndpoint } from "./endpoint.ts";
import { createTemporaryTable, definition, deleteTable, failureOf, withStream } from "./tables.ts";

let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await openEndpoint();
});
afterAll(() => endpoint.close());

const describeTable = async (TableName: string) =>
  (await endpoint.dynamodb.send(new DescribeTableCommand({ TableName }))).Table;

it("a table is described as it was made, with its stream", async () => {
  const name = await createTemporaryTable(endpoint, ["gsi1"], withStream);
  const table = await describeTable(name);
  expect(table).toMatchObject({
    TableName: name,
    TableStatus: "ACTIVE",
    BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    GlobalSecondaryIndexes: [{ IndexName: "gsi1", IndexStatus: "ACTIVE" }],
  });
  expect(table?.LatestStreamArn).toContain(`table/${name}/stream/`);
  await deleteTable(endpoint, name);
});

it("a name can be used once, and again when its table is gone, empty then", async () => {
  const name = await createTemporaryTable(endpoint, ["gsi1"]);
  const Item = { pk: "1", sk: "1", gsi1pk: "1", gsi1sk: "1" };
  await endpoint.documents.put({ TableName: name, Item });
  const again = () => endpoint.dynamodb.send(new CreateTableCommand(definition(name, ["gsi1"])));
  expect((await failureOf(again())).name).toBe("ResourceInUseException");
  await deleteTable(endpoint, name);
  await waitUntilTableNotExists({ client: endpoint.dynamodb, maxWaitTime: 60 }, { TableName: name });
  expect((await failureOf(describeTable(name))).name).toBe("ResourceNotFoundException");
  await again();
  await waitUntilTableExists({ client: endpoint.dynamodb, maxWaitTime: 60 }, { TableName: name });
  expect((await endpoint.documents.scan({ TableName: name })).Items).toEqual([]);
  expect((await endpoint.documents.scan({ TableName: name, IndexName: "gsi1" })).Items).toEqual([]);
  await deleteTable(endpoint, name);
});

it("tables are listed in pages, by name", async () => {
  const names = [
    await createTemporaryTable(endpoint, []),
    await createTemporaryTable(endpoint, []),
  ].toSorted();
  const listed: string[] = [];
  let ExclusiveStartTableName: string | undefined;
  do {
    const page = await endpoint.dynamodb.send(new ListTablesCommand({ ExclusiveStartTableName, Limit: 1 }));
    listed.push(...(page.TableNames ?? []));
    ExclusiveStartTableName = page.LastEvaluatedTableName;
  } while (ExclusiveStartTableName !== undefined);
  expect(listed.filter((name) => names.includes(name))).toEqual(names);
  for (const name of names) await deleteTable(endpoint, name);
});

it("an index that is added to a table with items is filled, and then kept", async () => {
  const name = await createTemporaryTable(endpoint, ["gsi1"]);
  const put = (sk: string, more: object) =>
    endpoint.documents.put({ TableName: name, Item: { pk: "p", sk, ...more } });
  for (let n = 0; n < 5; n++) await put(String(n), n % 2 === 0 ? { gsi9pk: "even", gsi9sk: String(n) } : {});
  const { AttributeDefinitions, GlobalSecondaryIndexes } = definition(name, ["gsi9"]);
  const [index] = GlobalSecondaryIndexes ?? [];
  if (index === undefined) throw new Error("no index");
  const update = (change: object) =>
    endpoint.dynamodb.send(
      new UpdateTableCommand({
        TableName: name,
        AttributeDefinitions,
        GlobalSecondaryIndexUpdates: [change],
      }),
    );
  await update({ Create: index });
  await expect
    .poll(async () => (await describeTable(name))?.GlobalSecondaryIndexes?.map((each) => each.IndexStatus), {
      timeout: 25_000,
    })
    .toEqual(["ACTIVE", "ACTIVE"]);
  await put("8", { gsi9pk: "even", gsi9sk: "8" });
  const found = async () => {
    const { Items } = await endpoint.documents.query({
      TableName: name,
      IndexName: "gsi9",
      KeyConditionExpression: "gsi9pk = :p",
      ExpressionAttributeValues: { ":p": "even" },
    });
    return Items?.map(({ sk }) => sk);
  };
  await expect.poll(found).toEqual(["0", "2", "4", "8"]);
  await update({ Delete: { IndexName: "gsi9" } });
  await expect.poll(async () => (await failureOf(found())).name).toBe("ValidationException");
  await deleteTable(endpoint, name);
});

it("a time to live can be set once, and is described", async () => {
  const name = await createTemporaryTable(endpoint, []);
  const set = (Enabled: boolean) =>
    endpoint.dynamodb.send(
      new UpdateTimeToLiveCommand({
        TableName: name,
        TimeToLiveSpecification: { Enabled, AttributeName: "expiresAt" },
      }),
    );
  const status = async () =>
    (await endpoint.dynamodb.send(new DescribeTimeToLiveCommand({ TableName: name }))).TimeToLiveDescription;
  expect(await status()).toMatchObject({ TimeToLiveStatus: "DISABLED" });
  await set(true);
  expect(await status()).toMatchObject({ AttributeName: "expiresAt" });
  expect((await failureOf(set(true))).name).toBe("ValidationException");
  await deleteTable(endpoint, name);
});

it.each([
  ["a name of two letters", { TableName: "ab" }],
  ["a key that is not defined", { KeySchema: [{ AttributeName: "nowhere", KeyType: "HASH" as const }] }],
  ["no way to pay", { BillingMode: undefined }],
  ["a stream without its kind", { StreamSpecification: { StreamEnabled: true } }],
])("a table with %s is refused", async (_what, more) => {
  const call = endpoint.dynamodb.send(
    new CreateTableCommand({ ...definition("contract-refused", []), ...more }),
  );
  expect((await failureOf(call)).name).toBe("ValidationException");
});
