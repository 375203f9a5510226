import { Entity } from "electrodb";
import type { Instant } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { conflict, type DomainError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { shardOf, shards } from "../kernel/shard.ts";
import { checking, deleting, entity, firstOf, key, putting, type Write } from "../kernel/table.ts";

type Reads = Pick<Context, "table">;

/** When a grant was last planned on an instance. Indexes of live grants lag; this does not, and so an instance
 * cannot be deleted beside a grant that is being planned at that moment. Index: when ledger and accounts are to be
 * compared, sharded; instances on which nothing is lent are not in it. */
const lastPlans = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "last-plan", version: "1", service: "daypass" },
        attributes: {
          instanceId: { type: "string", required: true },
          at: { type: "string", required: true },
          compareShard: { type: "string" },
          compareAt: { type: "string" },
        },
        indexes: {
          byInstance: { pk: key("pk", ["instanceId"]), sk: key("sk", []) },
          toCompare: { index: "gsi5", pk: key("gsi5pk", ["compareShard"]), sk: key("gsi5sk", ["compareAt"]) },
        },
      },
      options,
    ),
);

/** Longer than an index lags. */
export const planSettlesInMinutes = 1;

export async function findLastPlan(ctx: Reads, instanceId: Id<"instance">): Promise<Instant | undefined> {
  const { data } = await lastPlans(ctx).get({ instanceId }).go({ consistent: true });
  return data?.at as Instant | undefined;
}

/** Belongs into the transaction that plans a grant. */
export function notingPlan(ctx: Pick<Context, "table" | "clock">, instanceId: Id<"instance">): Write {
  const at = ctx.clock.now();
  const row = { instanceId, at, compareShard: shardOf(instanceId), compareAt: at };
  return putting(lastPlans(ctx).put(row).params(), justGranted);
}

/** When ledger and accounts are to be compared next, undefined while the instance is left asleep. */
export type ComparisonDue = { at: Instant; compareAt: Instant | undefined };

export async function findComparisonDue(
  ctx: Reads,
  instanceId: Id<"instance">,
): Promise<ComparisonDue | undefined> {
  const { data } = await lastPlans(ctx).get({ instanceId }).go({ consistent: true });
  return data ? { at: data.at as Instant, compareAt: data.compareAt as Instant | undefined } : undefined;
}

/** Instances whose comparison is due, those due first first in each shard; at most 800. */
export async function listDueComparisons(ctx: Reads, now: Instant): Promise<Id<"instance">[]> {
  const found = await Promise.all(
    shards.map((compareShard) =>
      lastPlans(ctx).query.toCompare({ compareShard }).lte({ compareAt: now }).go(firstOf(100)),
    ),
  );
  return found.flatMap(({ data }) => data.map((row) => row.instanceId as Id<"instance">));
}

/** Sets when they are compared next, unless a grant was planned since `seen` was read: then it is due already. */
export function schedulingComparison(
  ctx: Pick<Context, "table" | "clock">,
  instanceId: Id<"instance">,
  seen: ComparisonDue | undefined,
  compareAt: Instant | undefined,
): Write {
  const row = {
    instanceId,
    at: seen?.at ?? ctx.clock.now(),
    ...(compareAt ? { compareShard: shardOf(instanceId), compareAt } : {}),
  };
  const params = seen
    ? lastPlans(ctx)
        .put(row)
        .where((stored, { eq }) => eq(stored.at, seen.at as string))
        .params()
    : lastPlans(ctx).create(row).params();
  return putting(params, justGranted);
}

/** Holds a transaction to no grant having been planned since `seen` was read, and forgets it. */
export function forgettingPlan(ctx: Reads, instanceId: Id<"instance">, seen: Instant | undefined): Write {
  const { TableName, Key } = lastPlans(ctx).get({ instanceId }).params<{
    TableName: string;
    Key: Record<string, string>;
  }>();
  const condition =
    seen === undefined
      ? { ConditionExpression: "attribute_not_exists(pk)" }
      : {
          ConditionExpression: "#at = :seen",
          ExpressionAttributeNames: { "#at": "at" },
          ExpressionAttributeValues: { ":seen": seen },
        };
  const params = { TableName, Key, ...condition };
  return seen === undefined ? checking(params, justGranted) : deleting(params, justGranted);
}

export function justGranted(): DomainError {
  return conflict("instance.just-granted", "Access to it was approved a moment ago; try again in a minute.");
}
