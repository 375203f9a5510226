import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";

/** Secondary indexes have generic names; each entity says what it keeps in them. */
export const indexNames = ["gsi1", "gsi2", "gsi3", "gsi4", "gsi5", "gsi6"] as const;

/** Seconds since 1970 after which DynamoDB may drop the item. Garbage collection only, never a clock. */
export const timeToLiveAttribute = "expiresAtSeconds";

/** The one table, as data: for CreateTable on one machine and in tests, and to be deployed. */
export function tableDefinition(name: string): CreateTableCommandInput {
  return {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: ["pk", "sk", ...indexNames.flatMap((index) => [`${index}pk`, `${index}sk`])].map(
      (attribute) => ({ AttributeName: attribute, AttributeType: "S" }),
    ),
    KeySchema: keySchema("pk", "sk"),
    GlobalSecondaryIndexes: indexNames.map((index) => ({
      IndexName: index,
      KeySchema: keySchema(`${index}pk`, `${index}sk`),
      Projection: { ProjectionType: "ALL" },
    })),
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
  };
}

function keySchema(partition: string, sort: string): CreateTableCommandInput["KeySchema"] {
  return [
    { AttributeName: partition, KeyType: "HASH" },
    { AttributeName: sort, KeyType: "RANGE" },
  ];
}
