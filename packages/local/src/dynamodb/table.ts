/** One attribute in DynamoDB's JSON: exactly one type letter with its value, e.g. `{ S: "grant_01" }`. */
export type AttributeValue = { readonly [type: string]: unknown };
export type Item = { readonly [attribute: string]: AttributeValue };
export type KeySchema = readonly { readonly AttributeName: string; readonly KeyType: "HASH" | "RANGE" }[];

export type SecondaryIndex = {
  IndexName: string;
  KeySchema: KeySchema;
  Projection: { ProjectionType: "ALL" | "INCLUDE" | "KEYS_ONLY"; NonKeyAttributes?: string[] };
  IndexStatus?: string;
};

export type StreamViewType = "KEYS_ONLY" | "NEW_IMAGE" | "OLD_IMAGE" | "NEW_AND_OLD_IMAGES";

/** A table as it is stored and as DescribeTable answers it. */
export type Table = {
  TableName: string;
  TableArn: string;
  TableStatus: string;
  CreationDateTime: number;
  KeySchema: KeySchema;
  AttributeDefinitions: { AttributeName: string; AttributeType: "S" | "N" | "B" }[];
  GlobalSecondaryIndexes?: SecondaryIndex[];
  LocalSecondaryIndexes?: SecondaryIndex[];
  StreamSpecification?: { StreamEnabled: boolean; StreamViewType?: StreamViewType };
  LatestStreamArn?: string;
  LatestStreamLabel?: string;
};

export type IndexKind = "local" | "global";

/** Every secondary index of the table, with its kind. */
export function secondaryIndexes(table: Table): { kind: IndexKind; index: SecondaryIndex }[] {
  return [
    ...(table.GlobalSecondaryIndexes ?? []).map((index) => ({ kind: "global" as const, index })),
    ...(table.LocalSecondaryIndexes ?? []).map((index) => ({ kind: "local" as const, index })),
  ];
}

/** The key attributes of an item, and nothing else of it. */
export function keyOf(item: Item, schema: KeySchema): Item {
  const key: Record<string, AttributeValue> = {};
  for (const { AttributeName } of schema) {
    const value = item[AttributeName];
    if (value !== undefined) key[AttributeName] = value;
  }
  return key;
}
