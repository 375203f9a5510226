import { Entity } from "electrodb";
import type { UserRef } from "../identity/user.view.ts";
import type { Instant } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { conflict, type DomainError } from "../kernel/errors.ts";
import { readBatch } from "../kernel/read-batch.ts";
import { commitAll, entity, firstOf, key, putting, type Write } from "../kernel/table.ts";
import type { AccessEnd, AccessEndSubject } from "./access-end.ts";
import type { Grant } from "./grant.ts";

type Reads = Pick<Context, "table">;

/** When all access of a person, or on an instance, was last ended. Lists of live grants lag by moments; what was
 * planned before this moment and is not on them yet is known by this. Index: the orders that are not known to be
 * carried out; records from before orders were kept have none. */
const accessEnds = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "access-end", version: "1", service: "daypass" },
        attributes: {
          subjectId: { type: "string", required: true },
          at: { type: "string", required: true },
          order: { type: "any" },
          open: { type: "string" },
          doneAt: { type: "string" },
        },
        indexes: {
          bySubject: { pk: key("pk", ["subjectId"]), sk: key("sk", []) },
          openByTime: { index: "gsi5", pk: key("gsi5pk", ["open"]), sk: key("gsi5sk", ["at"]) },
        },
      },
      options,
    ),
);

type Order = { reason: string; orderedBy: UserRef };
type Row = { subjectId: string; at: string; order?: unknown };

/** All access of its holder, or on its instance, was ended after this grant was planned: by which order, where that is
 * known. */
export async function accessEndOf(
  ctx: Pick<Context, "table" | "clock">,
  { holder, database, createdAt }: Grant,
): Promise<Partial<Order> | undefined> {
  const reads = [holder.id, database.instance.id].map((subjectId) =>
    accessEnds(ctx).get({ subjectId }).params(),
  );
  const rows = (await readBatch(ctx, reads, { consistent: true })) as Row[];
  const row = rows.find(({ at }) => createdAt <= at);
  return row && { ...(row.order as Order | undefined) };
}

/** The last order, carried out or not. */
export async function findAccessEnd(ctx: Reads, subjectId: AccessEndSubject): Promise<AccessEnd | undefined> {
  const { data } = await accessEnds(ctx).get({ subjectId }).go({ consistent: true });
  return data ? orderOf(data) : undefined;
}

/** Orders that may have left something, the oldest first; may lag by moments. */
export async function listOpenAccessEnds(ctx: Reads, limit: number): Promise<AccessEnd[]> {
  const { data } = await accessEnds(ctx).query.openByTime({ open: "open" }).go(firstOf(limit));
  return data.flatMap((row) => orderOf(row) ?? []);
}

/** Stands from then on, and takes the place of an order before it. */
export function orderingAccessEnd(ctx: Reads, { subjectId, at, reason, orderedBy }: AccessEnd): Write {
  const order: Order = { reason, orderedBy };
  return putting(accessEnds(ctx).put({ subjectId, at, order, open: "open" }).params(), orderedMeanwhile);
}

/** Nothing that was meant is held any more; refused when it was ordered anew meanwhile. */
export async function closeAccessEnd(
  ctx: Pick<Context, "table" | "clock">,
  { subjectId, at, reason, orderedBy }: AccessEnd,
): Promise<void> {
  const order: Order = { reason, orderedBy };
  const params = accessEnds(ctx)
    .put({ subjectId, at, order, doneAt: ctx.clock.now() })
    .where((row, { eq }) => eq(row.at, String(at)))
    .params();
  await commitAll(ctx, [putting(params, orderedMeanwhile)]);
}

function orderOf({ subjectId, at, order }: Row): AccessEnd | undefined {
  if (order === undefined) return undefined;
  return { subjectId: subjectId as AccessEndSubject, at: at as Instant, ...(order as Order) };
}

function orderedMeanwhile(): DomainError {
  return conflict("access.ended-meanwhile", "Somebody else ended this access in the same moment.");
}
