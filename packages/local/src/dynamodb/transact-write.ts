import { z } from "zod";
import type { Database } from "./database.ts";
import type { Draft } from "./draft.ts";
import { check, type Input, run } from "./engine.ts";
import { tableNamed, writingStore } from "./engine-store.ts";
import { AwsFailure, asFailure, validationFailure } from "./failure.ts";
import { fingerprintOf, isRepeat } from "./idempotency.ts";
import { itemAt, itemKeyOf } from "./item-key.ts";
import { itemBytes, MAX_TRANSACTION_BYTES } from "./item-size.ts";
import { parseInput } from "./parse-input.ts";
import type { Item } from "./table.ts";

const common = {
  TableName: z.string(),
  ConditionExpression: z.string().optional(),
  ExpressionAttributeNames: z.record(z.string(), z.string()).optional(),
  ExpressionAttributeValues: z.record(z.string(), z.unknown()).optional(),
  ReturnValuesOnConditionCheckFailure: z.enum(["ALL_OLD", "NONE"]).optional(),
};
const attributes = z.record(z.string(), z.unknown());
const transactItem = z
  .strictObject({
    Put: z.strictObject({ ...common, Item: attributes }).optional(),
    Update: z.strictObject({ ...common, Key: attributes, UpdateExpression: z.string() }).optional(),
    Delete: z.strictObject({ ...common, Key: attributes }).optional(),
    ConditionCheck: z
      .strictObject({ ...common, Key: attributes, ConditionExpression: z.string() })
      .optional(),
  })
  .refine((item) => Object.values(item).filter((action) => action !== undefined).length === 1, {
    message: "TransactItems can only contain one of Check, Put, Update or Delete",
  });
const transactInput = z.strictObject({
  TransactItems: z.array(transactItem).min(1).max(100),
  ClientRequestToken: z.string().min(1).max(36).optional(),
  ReturnConsumedCapacity: z.enum(["INDEXES", "TOTAL", "NONE"]).optional(),
  ReturnItemCollectionMetrics: z.enum(["SIZE", "NONE"]).optional(),
});

type Action = {
  operation: "PutItem" | "UpdateItem" | "DeleteItem" | "ConditionCheck";
  table: string;
  checked: Input;
  target: Item;
  returnsOld: boolean;
};
type Reason = { Code: string; Message?: string; Item?: Item };

/**
 * Runs all actions on one draft: either every one of them lands, in one batch, or none. The same token with
 * the same request within ten minutes is answered without doing anything again.
 */
export async function transactWriteItems(database: Database, input: unknown): Promise<object> {
  const { ClientRequestToken: token, ...request } = parseInput(transactInput, input);
  const fingerprint = fingerprintOf(request.TransactItems);
  const actions = request.TransactItems.map(actionOf);

  const units = await database.write(async (draft) => {
    if (token !== undefined && isRepeat(database, draft, token, fingerprint)) {
      return new Map<string, number>();
    }
    refuseTwiceOnOneItem(draft, actions);
    const reasons: Reason[] = [];
    for (const action of actions) reasons.push(await reasonAgainst(database, draft, action));
    if (reasons.some(({ Code }) => Code !== "None")) throw cancelled(reasons);
    return sizesOf(draft, actions);
  });

  if (request.ReturnConsumedCapacity === undefined || request.ReturnConsumedCapacity === "NONE") return {};
  return {
    ConsumedCapacity: [...units].map(([TableName, CapacityUnits]) => ({ TableName, CapacityUnits })),
  };
}

/** The error of a cancelled transaction: one reason for each action, in their order. */
export function cancelled(reasons: readonly Reason[]): AwsFailure {
  const codes = reasons.map(({ Code }) => Code).join(", ");
  return new AwsFailure(
    "TransactionCanceledException",
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons: reasons },
  );
}

function actionOf(item: z.infer<typeof transactItem>): Action {
  const { Put, Update, Delete, ConditionCheck } = item;
  if (Put !== undefined) return action("PutItem", Put, Put.Item);
  if (Update !== undefined) return action("UpdateItem", Update, Update.Key);
  if (Delete !== undefined) return action("DeleteItem", Delete, Delete.Key);
  if (ConditionCheck !== undefined) return action("ConditionCheck", ConditionCheck, ConditionCheck.Key);
  throw validationFailure("TransactItems can only contain one of Check, Put, Update or Delete");
}

function action(
  operation: Action["operation"],
  input: Input & { TableName: string; ReturnValuesOnConditionCheckFailure?: string | undefined },
  target: Record<string, unknown>,
): Action {
  const { ReturnValuesOnConditionCheckFailure, ...rest } = input;
  // A condition check is a deletion that stops after its condition.
  const checked = check(operation === "ConditionCheck" ? "DeleteItem" : operation, rest);
  return {
    operation,
    table: input.TableName,
    checked,
    target: (checked.Item ?? checked.Key ?? target) as Item,
    returnsOld: ReturnValuesOnConditionCheckFailure === "ALL_OLD",
  };
}

function refuseTwiceOnOneItem(draft: Draft, actions: readonly Action[]): void {
  const seen = new Set<string>();
  for (const { table, target } of actions) {
    const key = itemKeyOf(tableNamed(draft, table), target);
    if (key === undefined) continue;
    const whole = `${table}~${key}`;
    if (seen.has(whole)) {
      throw validationFailure("Transaction request cannot include multiple operations on one item");
    }
    seen.add(whole);
  }
}

async function reasonAgainst(database: Database, draft: Draft, action: Action): Promise<Reason> {
  const store = writingStore(draft, database.region);
  const old = itemAt(draft, action.table, action.target);
  try {
    if (action.operation === "ConditionCheck") {
      const trial = writingStore({ ...draft, putItem: () => undefined }, database.region);
      await run("DeleteItem", trial, action.checked);
    } else {
      await run(action.operation, store, action.checked);
    }
    return { Code: "None" };
  } catch (error) {
    const failure = asFailure(error);
    if (failure?.code === "ConditionalCheckFailedException") {
      const item = action.returnsOld && old !== undefined ? { Item: old } : {};
      return { Code: "ConditionalCheckFailed", Message: failure.message, ...item };
    }
    if (failure?.code === "ValidationException") return { Code: "ValidationError", Message: failure.message };
    throw error;
  }
}

/** Write units a table (transactions cost double). Throws when all items together exceed 4 MB. */
function sizesOf(draft: Draft, actions: readonly Action[]): Map<string, number> {
  const units = new Map<string, number>();
  let bytes = 0;
  for (const { table, target } of actions) {
    const size = itemBytes(itemAt(draft, table, target) ?? target);
    bytes += size;
    units.set(table, (units.get(table) ?? 0) + 2 * Math.max(1, Math.ceil(size / 1024)));
  }
  if (bytes > MAX_TRANSACTION_BYTES) {
    throw validationFailure("The aggregate size of the items in the transaction exceeds 4 MB");
  }
  return units;
}
