import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceNotFoundException,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { tableDefinition, timeToLiveAttribute } from "@daypass/core/kernel/table.definition.ts";

/** Makes the one table unless it is there. */
export async function provisionTable(name: string): Promise<void> {
  const client = new DynamoDBClient();
  try {
    if (await exists(client, name)) return;
    await client.send(new CreateTableCommand(tableDefinition(name)));
    await client.send(
      new UpdateTimeToLiveCommand({
        TableName: name,
        TimeToLiveSpecification: { AttributeName: timeToLiveAttribute, Enabled: true },
      }),
    );
  } finally {
    client.destroy();
  }
}

async function exists(client: DynamoDBClient, name: string): Promise<boolean> {
  return client.send(new DescribeTableCommand({ TableName: name })).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ResourceNotFoundException) return false;
      throw error;
    },
  );
}
