/// <reference path="../.sst/platform/config.d.ts" />
import { indexNames, timeToLiveAttribute } from "../packages/core/src/kernel/table.definition.ts";

/** The one table, as `npm start` creates it too. */
export function createTable(): sst.aws.Dynamo {
  const fields = ["pk", "sk", ...indexNames.flatMap((index) => [`${index}pk`, `${index}sk`])];
  return new sst.aws.Dynamo("Table", {
    fields: Object.fromEntries(fields.map((field) => [field, "string"])),
    primaryIndex: { hashKey: "pk", rangeKey: "sk" },
    globalIndexes: Object.fromEntries(
      indexNames.map((index) => [index, { hashKey: `${index}pk`, rangeKey: `${index}sk` }]),
    ),
    stream: "new-and-old-images",
    ttl: timeToLiveAttribute,
    deletionProtection: $app.protect,
  });
}
