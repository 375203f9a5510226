import { randomBytes } from "node:crypto";
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import type { Endpoint } from "./endpoint.ts";

/** The shape of Daypass's own table, made small: a hash and a range key, and indexes named after their keys. */
export function definition(
  name: string,
  indexes: readonly string[] = ["gsi1", "gsi2"],
  more: Partial<CreateTableCommandInput> = {},
): CreateTableCommandInput {
  const attributes = ["pk", "sk", ...indexes.flatMap((index) => [`${index}pk`, `${index}sk`])];
  return {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: attributes.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    KeySchema: [
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ],
    ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexes: indexes.map(globalIndex) }),
    ...more,
  };
}

/** Creates a table, by default with a name of its own, and waits until it can be used. */
export async function createTemporaryTable(
  endpoint: Endpoint,
  indexes?: readonly string[],
  more: Partial<CreateTableCommandInput> = {},
): Promise<string> {
  const name = more.TableName ?? `contract-${randomBytes(6).toString("hex")}`;
  await endpoint.dynamodb.send(new CreateTableCommand(definition(name, indexes, more)));
  endpoint.made.add(name);
  await waitUntilTableExists({ client: endpoint.dynamodb, maxWaitTime: 60 }, { TableName: name });
  return name;
}

export async function deleteTable(endpoint: Endpoint, name: string): Promise<void> {
  await endpoint.dynamodb.send(new DeleteTableCommand({ TableName: name }));
  endpoint.made.delete(name);
}

export const withStream: Partial<CreateTableCommandInput> = {
  StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
};

/** The error that a call ends with; fails when it does not end with one. */
export async function failureOf(call: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error) return error as Error & Record<string, unknown>;
  }
  throw new Error("the call was expected to fail");
}

function globalIndex(name: string) {
  return {
    IndexName: name,
    KeySchema: [
      { AttributeName: `${name}pk`, KeyType: "HASH" as const },
      { AttributeName: `${name}sk`, KeyType: "RANGE" as const },
    ],
    Projection: { ProjectionType: "ALL" as const },
  };
}
