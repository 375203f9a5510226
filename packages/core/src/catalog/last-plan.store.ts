import { Entity } from "electrodb";
import type { Instant } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { conflict, type DomainError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { checking, entity, key, putting, type Write } from "../kernel/table.ts";

type Reads = Pick<Context, "table">;

/** When a grant was last planned on an instance. Indexes of live grants lag; this does not, and so an instance
 * cannot be deleted beside a grant that is being planned at that moment. */
const lastPlans = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "last-plan", version: "1", service: "daypass" },
        attributes: {
          instanceId: { type: "string", required: true },
          at: { type: "string", required: true },
        },
        indexes: { byInstance: { pk: key("pk", ["instanceId"]), sk: key("sk", []) } },
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
  return putting(lastPlans(ctx).put({ instanceId, at: ctx.clock.now() }).params(), justGranted);
}

/** Holds a transaction to no grant having been planned since `seen` was read. */
export function noPlanSince(ctx: Reads, instanceId: Id<"instance">, seen: Instant | undefined): Write {
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
  return checking({ TableName, Key, ...condition }, justGranted);
}

export function justGranted(): DomainError {
  return conflict("instance.just-granted", "Access to it was approved a moment ago; try again in a minute.");
}
