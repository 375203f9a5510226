import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

/** What the table was asked for and what that would be charged, as AWS counts it. */
export type Work = { calls: number; items: number; readUnits: number };

type Counted = {
  Item?: unknown;
  ScannedCount?: number;
  Responses?: Record<string, unknown[]>;
  ConsumedCapacity?: Capacity | Capacity[];
};
type Capacity = { CapacityUnits?: number };

const reads = ["GetItemCommand", "BatchGetItemCommand", "QueryCommand", "TransactGetItemsCommand"];

/** Counts the reads that go through this client. `take` gives the sums since the last time and begins anew. */
export function meterReads(client: DynamoDBClient): { take: () => Work } {
  let work: Work = { calls: 0, items: 0, readUnits: 0 };
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (given) => {
        if (!reads.includes(commandName)) return next(given);
        const answer = await next({ ...given, input: { ...given.input, ReturnConsumedCapacity: "TOTAL" } });
        const { Item, ScannedCount, Responses = {}, ConsumedCapacity = [] } = answer.output as Counted;
        const batch = Object.values(Responses).reduce((sum, items) => sum + items.length, 0);
        work.calls += 1;
        work.items += ScannedCount ?? batch + (Item ? 1 : 0);
        for (const { CapacityUnits = 0 } of [ConsumedCapacity].flat()) work.readUnits += CapacityUnits;
        return answer;
      },
    { step: "initialize", name: "meterReads" },
  );
  return {
    take() {
      const taken = work;
      work = { calls: 0, items: 0, readUnits: 0 };
      return taken;
    },
  };
}
