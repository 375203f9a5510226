import type { Database } from "./database.ts";
import { check, type EngineOperation, type Input, run } from "./engine.ts";
import { readingStore, writingStore } from "./engine-store.ts";
import { AwsFailure, asFailure, validationFailure } from "./failure.ts";
import { itemAt } from "./item-key.ts";
import { keys } from "./keys.ts";
import { describeStream, getRecords, getShardIterator, listStreams } from "./stream-api.ts";
import type { Item, Table } from "./table.ts";
import { createTable, deleteTable, listTables } from "./tables.ts";
import { describeTimeToLive, updateTimeToLive } from "./time-to-live.ts";
import { transactGetItems } from "./transact-get.ts";
import { transactWriteItems } from "./transact-write.ts";
import { updateTable } from "./update-table.ts";

/** An operation of the API: the parsed JSON body in, the answer's body out. Rejects with an AwsFailure. */
export type Operation = (input: Input) => Promise<object>;

/** Every operation that is answered, by its full target. */
export function operationsOf(database: Database): ReadonlyMap<string, Operation> {
  const tables: Record<string, Operation> = {
    CreateTable: (input) => createTable(database, input),
    UpdateTable: (input) => updateTable(database, input),
    DeleteTable: (input) => deleteTable(database, input),
    DescribeTable: (input) => read(database, "DescribeTable", input),
    ListTables: (input) => listTables(database, input),
    UpdateTimeToLive: (input) => updateTimeToLive(database, input),
    DescribeTimeToLive: async (input) => describeTimeToLive(database, input),
    GetItem: (input) => read(database, "GetItem", input),
    BatchGetItem: (input) => read(database, "BatchGetItem", input),
    Query: (input) => read(database, "Query", input),
    Scan: (input) => read(database, "Scan", input),
    PutItem: (input) => writeOne(database, "PutItem", input),
    UpdateItem: (input) => writeOne(database, "UpdateItem", input),
    DeleteItem: (input) => writeOne(database, "DeleteItem", input),
    BatchWriteItem: (input) => batchWrite(database, input),
    TransactWriteItems: (input) => transactWriteItems(database, input),
    TransactGetItems: (input) => transactGetItems(database, input),
  };
  const streams: Record<string, Operation> = {
    ListStreams: (input) => listStreams(database, input),
    DescribeStream: async (input) => describeStream(database, input),
    GetShardIterator: async (input) => getShardIterator(database, input),
    GetRecords: (input) => getRecords(database, input),
  };
  return new Map([
    ...Object.entries(tables).map(([name, run]) => [`DynamoDB_20120810.${name}`, run] as const),
    ...Object.entries(streams).map(([name, run]) => [`DynamoDBStreams_20120810.${name}`, run] as const),
  ]);
}

async function read(database: Database, operation: EngineOperation, input: Input): Promise<object> {
  const checked = check(operation, input);
  const { TableName, IndexName } = checked;
  const table = database.kv.get(keys.table(String(TableName))) as Table | undefined;
  const global = table?.GlobalSecondaryIndexes?.some((index) => index.IndexName === IndexName);
  return database.read(
    (reader) => run(operation, readingStore(reader, database.region), checked),
    table !== undefined && global === true ? { table: table.TableName } : undefined,
  );
}

async function writeOne(
  database: Database,
  operation: "PutItem" | "UpdateItem" | "DeleteItem",
  input: Input,
): Promise<object> {
  const { ReturnValuesOnConditionCheckFailure: onFailure = "NONE", ...rest } = input;
  if (onFailure !== "NONE" && onFailure !== "ALL_OLD") {
    throw validationFailure("ReturnValuesOnConditionCheckFailure can only be ALL_OLD or NONE");
  }
  const checked = check(operation, rest);
  return database.write(async (draft) => {
    try {
      return await run(operation, writingStore(draft, database.region), checked);
    } catch (error) {
      const failure = asFailure(error);
      if (failure?.code !== "ConditionalCheckFailedException" || onFailure === "NONE") throw error;
      const old = itemAt(draft, String(checked.TableName), (checked.Item ?? checked.Key) as Item);
      throw new AwsFailure(failure.code, failure.message, old === undefined ? {} : { Item: old });
    }
  });
}

async function batchWrite(database: Database, input: Input): Promise<object> {
  const checked = check("BatchWriteItem", input);
  const requests = Object.values(checked.RequestItems as Record<string, unknown[]>).flat();
  if (requests.length > 25) throw validationFailure("Too many items requested for the BatchWriteItem call");
  return database.write((draft) => run("BatchWriteItem", writingStore(draft, database.region), checked));
}
