import { z } from "zod";
import type { Database } from "./database.ts";
import type { Draft } from "./draft.ts";
import { check, run } from "./engine.ts";
import { tableNamed, writingStore } from "./engine-store.ts";
import { AwsFailure } from "./failure.ts";
import { endOf, keys } from "./keys.ts";
import { parseInput } from "./parse-input.ts";
import { closeStream, openStream, streamSpecification } from "./stream.ts";
import type { Table } from "./table.ts";

/** What one machine can honour; anything else is refused rather than ignored. */
const createInput = z.strictObject({
  TableName: z.unknown().optional(),
  AttributeDefinitions: z.unknown().optional(),
  KeySchema: z.unknown().optional(),
  BillingMode: z.unknown().optional(),
  ProvisionedThroughput: z.unknown().optional(),
  GlobalSecondaryIndexes: z.unknown().optional(),
  LocalSecondaryIndexes: z.unknown().optional(),
  StreamSpecification: streamSpecification.optional(),
});
const named = z.strictObject({ TableName: z.string() });
const listInput = z.strictObject({
  ExclusiveStartTableName: z.string().optional(),
  Limit: z.int().min(1).max(100).optional(),
});

/** Creates a table. It answers CREATING as the service does, and is there already. */
export async function createTable(database: Database, input: unknown): Promise<object> {
  const { StreamSpecification, ...rest } = parseInput(createInput, input);
  const checked = check("CreateTable", rest);
  return database.write(async (draft) => {
    if (draft.get(keys.doomed + String(rest.TableName)) !== undefined) {
      throw new AwsFailure("ResourceInUseException", "Table is being deleted");
    }
    const { TableDescription } = await run("CreateTable", writingStore(draft, database.region), checked);
    // The engine goes on changing what it answered, after its simulated delay.
    const table = structuredClone(TableDescription) as Table;
    table.CreationDateTime = database.clock() / 1000;
    if (StreamSpecification?.StreamEnabled === true) openStream(database, draft, table, StreamSpecification);
    const answered = structuredClone(table);
    table.TableStatus = "ACTIVE";
    for (const index of table.GlobalSecondaryIndexes ?? []) index.IndexStatus = "ACTIVE";
    draft.put(keys.table(table.TableName), table);
    return { TableDescription: answered };
  });
}

export async function deleteTable(database: Database, input: unknown): Promise<object> {
  const { TableName } = parseInput(named, input);
  const table = await database.write(async (draft) => {
    const found = tableNamed(draft, TableName);
    closeStream(database, draft, found);
    draft.del(keys.table(TableName));
    draft.del(keys.timeToLive(TableName));
    draft.put(keys.doomed + TableName, 1);
    return found;
  });
  await clearDoomed(database);
  return { TableDescription: { ...table, TableStatus: "DELETING" } };
}

/** Finishes deletions, also those that a crash cut short: what a table leaves is too much for one batch. */
export async function clearDoomed(database: Database): Promise<void> {
  const names: string[] = [];
  for await (const [key] of database.kv.entries({ gt: keys.doomed, lt: endOf(keys.doomed) })) {
    names.push(key.slice(keys.doomed.length));
  }
  for (const name of names) await database.write((draft) => clearOne(database, draft, name));
}

export async function listTables(database: Database, input: unknown): Promise<object> {
  const { ExclusiveStartTableName = "", Limit = 100 } = parseInput(listInput, input);
  const names: string[] = [];
  const range = { gt: keys.table(ExclusiveStartTableName), lt: endOf(keys.tables), limit: Limit + 1 };
  for await (const [key] of database.kv.entries(range)) names.push(key.slice(keys.tables.length));
  if (names.length <= Limit) return { TableNames: names };
  return { TableNames: names.slice(0, Limit), LastEvaluatedTableName: names[Limit - 1] };
}

async function clearOne(database: Database, draft: Draft, name: string): Promise<void> {
  for (const prefix of [keys.items(name), keys.indexes(name), keys.expiries(name)]) {
    await database.kv.clear({ gt: prefix, lt: endOf(prefix) });
  }
  draft.del(keys.doomed + name);
}
