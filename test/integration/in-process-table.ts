import { Readable } from "node:stream";
import {
  CreateTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { tableDefinition, timeToLiveAttribute } from "@daypass/core/kernel/table.definition.ts";
import { createDynamoDb, type DynamoDb } from "@daypass/local/dynamodb/dynamodb.ts";

export type InProcessTable = {
  client: DynamoDBDocumentClient;
  name: string;
  dynamoDb: DynamoDb;
  close(): Promise<void>;
};

/** The one table in memory. The SDK's client signs, serialises and retries as ever; only the socket is missing. */
export async function createTable(clock: () => number): Promise<InProcessTable> {
  const name = "daypass-test";
  const dynamoDb = await createDynamoDb({ folder: undefined, clock });
  const bare = new DynamoDBClient({
    region: "us-east-1",
    endpoint: "http://dynamodb.test",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    requestHandler: requestHandler(dynamoDb),
  });
  await bare.send(new CreateTableCommand(tableDefinition(name)));
  await bare.send(
    new UpdateTimeToLiveCommand({
      TableName: name,
      TimeToLiveSpecification: { Enabled: true, AttributeName: timeToLiveAttribute },
    }),
  );
  const client = DynamoDBDocumentClient.from(bare);
  return {
    client,
    name,
    dynamoDb,
    async close() {
      client.destroy();
      await dynamoDb.close();
    },
  };
}

function requestHandler(dynamoDb: DynamoDb): NonNullable<DynamoDBClientConfig["requestHandler"]> {
  return {
    async handle(request: {
      method: string;
      path: string;
      headers: Record<string, string>;
      body?: string | Uint8Array<ArrayBuffer>;
    }) {
      const answer = await dynamoDb.handle(
        new Request(`http://dynamodb.test${request.path}`, {
          method: request.method,
          headers: request.headers,
          body: request.body ?? null,
        }),
      );
      const body = Readable.from([Buffer.from(await answer.arrayBuffer())]);
      return {
        response: { statusCode: answer.status, headers: Object.fromEntries(answer.headers), body },
      };
    },
  };
}
