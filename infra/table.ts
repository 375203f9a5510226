/// <reference path="../.sst/platform/config.d.ts" />
import { tableDefinition, timeToLiveAttribute } from "../packages/core/src/kernel/table.definition.ts";
import type { Stage } from "./stage.ts";
import type { Statement } from "./statement.ts";

/** The one table, from the same definition as on one machine. */
export function createTable(stage: Stage): aws.dynamodb.Table {
  const name = stage.named("table");
  const definition = tableDefinition(name);
  const keyOf = (schema: typeof definition.KeySchema, type: string) =>
    schema?.find((key) => key.KeyType === type)?.AttributeName ?? "";
  return new aws.dynamodb.Table(
    "Table",
    {
      name,
      billingMode: "PAY_PER_REQUEST",
      attributes: (definition.AttributeDefinitions ?? []).map((attribute) => ({
        name: attribute.AttributeName ?? "",
        type: attribute.AttributeType ?? "",
      })),
      hashKey: keyOf(definition.KeySchema, "HASH"),
      rangeKey: keyOf(definition.KeySchema, "RANGE"),
      globalSecondaryIndexes: (definition.GlobalSecondaryIndexes ?? []).map((index) => ({
        name: index.IndexName ?? "",
        hashKey: keyOf(index.KeySchema, "HASH"),
        rangeKey: keyOf(index.KeySchema, "RANGE"),
        projectionType: index.Projection?.ProjectionType ?? "",
      })),
      streamEnabled: true,
      streamViewType: definition.StreamSpecification?.StreamViewType ?? "",
      ttl: { attributeName: timeToLiveAttribute, enabled: true },
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true },
      deletionProtectionEnabled: stage.isProduction,
    },
    stage.kept,
  );
}

/** What the application does with the table: never a scan, never a batch of writes. */
export function tableAccess(table: aws.dynamodb.Table, access: "read" | "write"): Statement {
  const reads = ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"];
  const writes = [
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
  ];
  return {
    Action: access === "read" ? reads : [...reads, ...writes],
    Resource: [table.arn, $interpolate`${table.arn}/index/*`],
  };
}
