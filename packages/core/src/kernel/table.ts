import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { Clock } from "./clock.ts";
import { DomainError } from "./errors.ts";

type Action = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];
type Item = Record<string, unknown>;
/** ElectroDB's `.params()`: the input of one document command. */
type Params = object;

/** One conditional write of a transaction, and what to tell the caller when its condition does not hold.
 * `otherwise` gets the item as it is now, or undefined where there is none. */
export type Write = { action: Action; otherwise: (now: Item | undefined) => DomainError };

export function putting(params: Params, otherwise: Write["otherwise"]): Write {
  return { action: { Put: withOldItem(params) } as Action, otherwise };
}
export function updating(params: Params, otherwise: Write["otherwise"]): Write {
  return { action: { Update: withOldItem(params) } as Action, otherwise };
}
export function deleting(params: Params, otherwise: Write["otherwise"]): Write {
  return { action: { Delete: withOldItem(params) } as Action, otherwise };
}

export function checking(params: Params, otherwise: Write["otherwise"]): Write {
  return { action: { ConditionCheck: withOldItem(params) } as Action, otherwise };
}

type TableContext = { table: { client: DynamoDBDocumentClient; name: string }; clock: Clock };

/** Declares an entity of the one table; ElectroDB entities are bound to a client once and kept. */
export function entity<E>(make: (options: { client: DynamoDBDocumentClient; table: string }) => E) {
  const bound = new WeakMap<DynamoDBDocumentClient, Map<string, E>>();
  return ({ table }: Pick<TableContext, "table">): E => {
    const byName = bound.get(table.client) ?? new Map<string, E>();
    bound.set(table.client, byName);
    const known = byName.get(table.name) ?? make({ client: table.client, table: table.name });
    byName.set(table.name, known);
    return known;
  };
}

/** Key of an ElectroDB index: identifiers keep their case. */
export function key<const F extends string, const C extends readonly string[]>(field: F, composite: C) {
  return { field, composite, casing: "none" } as const;
}

/** Options of a query for its first items, so many where there are so many. A page alone may end before, at 1 MB or
 * wherever the service likes. */
export function firstOf(count: number) {
  return { limit: count, count, pages: "all" } as const;
}

const attempts = 5;

/** Writes all or nothing.
 * @throws what the first write whose condition failed says; `table.busy` when others kept writing the same items. */
export async function commitAll(ctx: TableContext, writes: readonly Write[]): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await ctx.table.client.send(
        new TransactWriteCommand({ TransactItems: writes.map((write) => write.action) }),
      );
      return;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      throwFailedCondition(error, writes);
      if (attempt === attempts) {
        throw new DomainError("unavailable", "table.busy", "Others are changing the same thing; try again.", {
          cause: error,
        });
      }
      await ctx.clock.sleep(20 * 2 ** attempt * (0.5 + Math.random()));
    }
  }
}

function throwFailedCondition(error: TransactionCanceledException, writes: readonly Write[]): void {
  const reasons = error.CancellationReasons ?? [];
  for (const [index, reason] of reasons.entries()) {
    if (reason.Code !== "ConditionalCheckFailed") continue;
    const write = writes[index];
    if (write) throw write.otherwise(reason.Item ? unmarshall(reason.Item) : undefined);
  }
  const retryable = ["None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];
  if (reasons.some((reason) => !retryable.includes(reason.Code ?? "None"))) throw error;
}

function withOldItem(params: Params): Params {
  const { ReturnValues: _unused, ...rest } = params as { ReturnValues?: unknown };
  return { ...rest, ReturnValuesOnConditionCheckFailure: "ALL_OLD" };
}
