import { z } from "zod";
import type { Database } from "./database.ts";
import { check, run } from "./engine.ts";
import { readingStore } from "./engine-store.ts";
import { itemBytes } from "./item-size.ts";
import { parseInput } from "./parse-input.ts";
import type { Item } from "./table.ts";

const get = z.strictObject({
  TableName: z.string(),
  Key: z.record(z.string(), z.unknown()),
  ProjectionExpression: z.string().optional(),
  ExpressionAttributeNames: z.record(z.string(), z.string()).optional(),
});
const transactInput = z.strictObject({
  TransactItems: z
    .array(z.strictObject({ Get: get }))
    .min(1)
    .max(100),
  ReturnConsumedCapacity: z.enum(["INDEXES", "TOTAL", "NONE"]).optional(),
});

/** Reads all items as of one instant: no transaction is seen in part. */
export async function transactGetItems(database: Database, input: unknown): Promise<object> {
  const { TransactItems, ReturnConsumedCapacity = "NONE" } = parseInput(transactInput, input);
  const gets = TransactItems.map(({ Get }) => check("GetItem", Get));
  const items = await database.read(async (reader) => {
    const store = readingStore(reader, database.region);
    const found = await Promise.all(gets.map((each) => run("GetItem", store, each)));
    return found.map(({ Item }) => Item as Item | undefined);
  });
  const answer = { Responses: items.map((item) => (item === undefined ? {} : { Item: item })) };
  if (ReturnConsumedCapacity === "NONE") return answer;

  // A transactional read costs double: two units for each 4 KB.
  const units = new Map<string, number>();
  for (const [place, { Get }] of TransactItems.entries()) {
    const cost = 2 * Math.max(1, Math.ceil(itemBytes(items[place] ?? {}) / 4096));
    units.set(Get.TableName, (units.get(Get.TableName) ?? 0) + cost);
  }
  const consumed = [...units].map(([TableName, CapacityUnits]) => ({ TableName, CapacityUnits }));
  return { ...answer, ConsumedCapacity: consumed };
}
