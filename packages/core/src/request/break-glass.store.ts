import { Entity } from "electrodb";
import type { Instant } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { conflict } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { entity, key, putting, type Write } from "../kernel/table.ts";

/** One use of break-glass. */
export type GlassUse = { at: Instant; grantId: Id<"grant"> };
/** What a person used lately, oldest first; `version` is 0 before the first. */
export type GlassUses = { userId: Id<"user">; version: number; uses: readonly GlassUse[] };

/** One record a person, which moves in the transaction of the request: lists lag, and two at once must not both count as
 * the last one. */
const breakGlass = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "break-glass", version: "1", service: "daypass" },
        attributes: {
          userId: { type: "string", required: true },
          version: { type: "number", required: true },
          uses: { type: "any", required: true },
        },
        indexes: { byUser: { pk: key("pk", ["userId"]), sk: key("sk", []) } },
      },
      options,
    ),
);

export async function findGlassUses(ctx: Pick<Context, "table">, userId: Id<"user">): Promise<GlassUses> {
  const { data } = await breakGlass(ctx).get({ userId }).go({ consistent: true });
  return { userId, version: data?.version ?? 0, uses: (data?.uses ?? []) as readonly GlassUse[] };
}

/** Refused with `countedMeanwhile` when another use was counted since these were read. */
export function countingGlassUse(
  ctx: Pick<Context, "table">,
  { userId, version: seen, uses }: GlassUses,
): Write {
  const params = breakGlass(ctx)
    .put({ userId, version: seen + 1, uses })
    .where(({ version }, { eq, notExists }) => (seen === 0 ? notExists(version) : eq(version, seen)))
    .params();
  return putting(params, () =>
    conflict(countedMeanwhile, "You broke the glass elsewhere in this very moment."),
  );
}
export const countedMeanwhile = "break-glass.counted-meanwhile";
