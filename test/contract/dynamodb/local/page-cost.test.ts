import { createDynamoDb } from "@daypass/local/dynamodb/dynamodb.ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Endpoint, serve } from "../endpoint.ts";
import { createTemporaryTable } from "../tables.ts";

const INDEXES = ["gsi1", "gsi2", "gsi3", "gsi4", "gsi5", "gsi6"];
const LARGE = 5_000;

let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await serve(await createDynamoDb({ folder: undefined }));
});
afterAll(() => endpoint.close());

it("a page of an index costs the same among 100 items and among 5,000", async () => {
  const [small, large] = [await filled(100), await filled(LARGE)];
  const cost = { small: Number.POSITIVE_INFINITY, large: Number.POSITIVE_INFINITY };
  for (let round = 0; round < 15; round++) {
    cost.small = Math.min(cost.small, await page(small));
    cost.large = Math.min(cost.large, await page(large));
  }
  expect(cost.large).toBeLessThan(cost.small * 3 + 1);
}, 60_000);

async function filled(count: number): Promise<string> {
  const table = await createTemporaryTable(endpoint, INDEXES);
  for (let from = 0; from < count; from += 25) {
    const requests = Array.from({ length: 25 }, (_, place) => {
      const sk = String(from + place).padStart(8, "0");
      const indexed = INDEXES.flatMap((index) => [
        [`${index}pk`, "all"],
        [`${index}sk`, sk],
      ]);
      return { PutRequest: { Item: { pk: "all", sk, ...Object.fromEntries(indexed) } } };
    });
    await endpoint.documents.batchWrite({ RequestItems: { [table]: requests } });
  }
  return table;
}

/** Milliseconds for one page of 50, newest first. */
async function page(TableName: string): Promise<number> {
  const started = performance.now();
  const { Items } = await endpoint.documents.query({
    TableName,
    IndexName: "gsi3",
    KeyConditionExpression: "gsi3pk = :p",
    ExpressionAttributeValues: { ":p": "all" },
    ScanIndexForward: false,
    Limit: 50,
  });
  expect(Items).toHaveLength(50);
  return performance.now() - started;
}
