import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { tableDefinition } from "@daypass/core/kernel/table.definition.ts";
import { createDatabase } from "@daypass/local/dynamodb/database.ts";
import { AwsFailure, asFailure } from "@daypass/local/dynamodb/failure.ts";
import { createFaults, type Faults } from "@daypass/local/dynamodb/faults.ts";
import { openKv } from "@daypass/local/dynamodb/kv.ts";
import { operationsOf } from "@daypass/local/dynamodb/operations.ts";
import { answerInPart } from "@daypass/local/dynamodb/partial-answer.ts";
import { cancelled } from "@daypass/local/dynamodb/transact-write.ts";

export type QuickTable = {
  client: DynamoDBDocumentClient;
  name: string;
  faults: Faults;
  close(): Promise<void>;
};

/** The local DynamoDB in memory, with its faults, and a client that neither signs nor waits nor goes through HTTP: for
 * histories by the ten thousand. It tries again as the SDK's client does, as often and for the same errors. */
export async function createQuickTable(clock: () => number): Promise<QuickTable> {
  const name = "daypass-histories";
  const kv = await openKv(undefined);
  const faults = createFaults();
  const run = operationsOf(createDatabase(kv, "us-east-1", clock, faults));
  const call = async (operation: string, input: object) => {
    const known = run.get(`DynamoDB_20120810.${operation}`);
    if (known === undefined) throw new Error(`${operation} is not known here`);
    const actions =
      "TransactItems" in input && Array.isArray(input.TransactItems) ? input.TransactItems.length : 1;
    const strike = faults.strike({ operation, tables: [name] }, () => conflictOf(actions));
    if (strike.failure) throw strike.failure;
    const output = await answerInPart(known, input as Record<string, unknown>, strike);
    if (strike.losesAnswer) throw new AwsFailure("InternalServerError", "Internal server error", {}, 500);
    return output;
  };
  const send = async (command: { input: object; constructor: { name: string } }) => {
    const operation = operations.get(command.constructor.name) ?? command.constructor.name;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return { ...inward({ ...(await call(operation, outward(command.input) as object)) }), $metadata: {} };
      } catch (error) {
        const failure = asFailure(error);
        if (!failure) throw error;
        if (attempt === 3 || (failure.status < 500 && !throttled.has(failure.code))) throw errorOf(failure);
      }
    }
  };
  await send(new CreateTableCommand(tableDefinition(name)));
  const client = { send, destroy: () => undefined } as unknown as DynamoDBDocumentClient;
  return { client, name, faults, close: () => kv.close() };
}

const operations = new Map([
  ["CreateTableCommand", "CreateTable"],
  ["GetCommand", "GetItem"],
  ["PutCommand", "PutItem"],
  ["UpdateCommand", "UpdateItem"],
  ["DeleteCommand", "DeleteItem"],
  ["QueryCommand", "Query"],
  ["BatchGetCommand", "BatchGetItem"],
  ["BatchWriteCommand", "BatchWriteItem"],
  ["TransactWriteCommand", "TransactWriteItems"],
  ["TransactGetCommand", "TransactGetItems"],
]);
const throttled = new Set(["ThrottlingException", "ProvisionedThroughputExceededException"]);

/** Where requests carry values in the shape of the document client. */
const itemFields = new Set(["Item", "Key", "ExpressionAttributeValues", "ExclusiveStartKey"]);

function outward(value: unknown, field = ""): unknown {
  if (value === undefined || value === null) return value;
  if (field === "Keys" && Array.isArray(value)) return value.map((one) => marshall(one, options));
  if (itemFields.has(field)) return marshall(value as Record<string, unknown>, options);
  if (Array.isArray(value)) return value.map((one) => outward(one));
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, outward(part, name)]));
}

const options = { removeUndefinedValues: true };

function inward(answer: Record<string, unknown>): Record<string, unknown> {
  const item = (value: unknown) => unmarshall(value as Parameters<typeof unmarshall>[0]);
  const { Item, Items, LastEvaluatedKey, Attributes, Responses, UnprocessedKeys, ...rest } = answer;
  return {
    ...rest,
    ...(Item === undefined ? {} : { Item: item(Item) }),
    ...(Attributes === undefined ? {} : { Attributes: item(Attributes) }),
    ...(LastEvaluatedKey === undefined ? {} : { LastEvaluatedKey: item(LastEvaluatedKey) }),
    ...(Array.isArray(Items) ? { Items: Items.map(item) } : {}),
    ...(Responses === undefined ? {} : { Responses: responsesOf(Responses, item) }),
    ...(UnprocessedKeys === undefined ? {} : { UnprocessedKeys: unreadOf(UnprocessedKeys as object, item) }),
  };
}

function responsesOf(responses: unknown, item: (value: unknown) => unknown): unknown {
  if (Array.isArray(responses))
    return responses.map((one: { Item?: unknown }) =>
      one.Item === undefined ? {} : { Item: item(one.Item) },
    );
  return Object.fromEntries(
    Object.entries(responses as Record<string, unknown[]>).map(([table, items]) => [table, items.map(item)]),
  );
}

function unreadOf(tables: object, item: (value: unknown) => unknown): unknown {
  return Object.fromEntries(
    Object.entries(tables as Record<string, { Keys: unknown[] }>).map(([table, { Keys, ...rest }]) => [
      table,
      { ...rest, Keys: Keys.map(item) },
    ]),
  );
}

function errorOf(failure: AwsFailure): Error {
  const { code, message } = failure;
  if (code === "ConditionalCheckFailedException")
    return new ConditionalCheckFailedException({ message, $metadata: {} });
  if (code !== "TransactionCanceledException") return Object.assign(new Error(message), { name: code });
  const reasons = failure.body()[
    "CancellationReasons"
  ] as TransactionCanceledException["CancellationReasons"];
  return new TransactionCanceledException({ message, $metadata: {}, CancellationReasons: reasons });
}

function conflictOf(actions: number): AwsFailure {
  const rest = Array.from({ length: actions - 1 }, () => ({ Code: "None" }));
  return cancelled([
    { Code: "TransactionConflict", Message: "Transaction is ongoing for the item" },
    ...rest,
  ]);
}
