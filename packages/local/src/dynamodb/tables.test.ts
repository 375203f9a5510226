import { expect, it } from "vitest";
import { createDatabase, type Database } from "./database.ts";
import { createFaults } from "./faults.ts";
import { keys } from "./keys.ts";
import { openKv } from "./kv.ts";
import { clearDoomed, createTable, deleteTable } from "./tables.ts";

const CLOCK = () => Date.UTC(2031, 0, 1);

function table(TableName: string): object {
  return {
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
  };
}

async function keysOf(database: Database): Promise<string[]> {
  const found: string[] = [];
  for await (const [key] of database.kv.entries({})) found.push(key);
  return found;
}

it("a deletion that a crash cut short is finished, and no other table loses anything", async () => {
  const kv = await openKv(undefined);
  const database = createDatabase(kv, "eu-west-1", CLOCK, createFaults());
  await createTable(database, table("kept"));
  // As the first batch of a deletion leaves it: the table is gone, its items are not.
  await kv.batch([
    { key: `${keys.items("half")}a`, value: { pk: { S: "a" } } },
    { key: `${keys.index("half", "gsi1")}a`, value: "a" },
    { key: `${keys.items("half-other")}a`, value: { pk: { S: "a" } } },
    { key: `${keys.doomed}half`, value: 1 },
  ]);
  await expect(createTable(database, table("half"))).rejects.toMatchObject({
    code: "ResourceInUseException",
  });
  await clearDoomed(database);
  expect(await keysOf(database)).toEqual([`${keys.items("half-other")}a`, keys.table("kept")]);
  await createTable(database, table("half"));
  await kv.close();
});

it("a deleted table leaves nothing but what its stream still keeps", async () => {
  const kv = await openKv(undefined);
  const database = createDatabase(kv, "eu-west-1", CLOCK, createFaults());
  const StreamSpecification = { StreamEnabled: true, StreamViewType: "KEYS_ONLY" };
  await createTable(database, { ...table("gone"), StreamSpecification });
  await deleteTable(database, { TableName: "gone" });
  expect(await keysOf(database)).toEqual([keys.stream("gone", "2031-01-01T00:00:00.000")]);
  await kv.close();
});
