import { Entity } from "electrodb";
import type { Context } from "../kernel/context.ts";
import { conflict, DomainError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { entity, key, updating, type Write } from "../kernel/table.ts";

/** How many requests of a person are pending; moves in the same transaction as the request. */
const openRequests = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "open-requests", version: "1", service: "daypass" },
        attributes: { userId: { type: "string", required: true }, open: { type: "number" } },
        indexes: { byUser: { pk: key("pk", ["userId"]), sk: key("sk", []) } },
      },
      options,
    ),
);

/** One more, unless the person has `limit` open already. */
export function openingRequest(ctx: Pick<Context, "table">, userId: Id<"user">, limit: number): Write {
  const params = openRequests(ctx)
    .update({ userId })
    .add({ open: 1 })
    .where(({ open }, { lt, notExists }) => `${notExists(open)} OR ${lt(open, limit)}`)
    .params();
  return updating(
    params,
    () =>
      new DomainError(
        "limited",
        "request.too-many-open",
        `You have ${limit} open requests; cancel one or wait for a decision.`,
      ),
  );
}

export function closingRequest(ctx: Pick<Context, "table">, userId: Id<"user">): Write {
  const params = openRequests(ctx)
    .update({ userId })
    .add({ open: -1 })
    .where(({ open }, { gt }) => gt(open, 0))
    .params();
  return updating(params, () =>
    conflict("request.changed", "The request changed in the meantime; look at it again."),
  );
}
