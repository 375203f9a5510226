import { Entity } from "electrodb";
import type { Instant } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { conflict } from "../kernel/errors.ts";
import { commitAll, entity, key, putting } from "../kernel/table.ts";

/** The sweeper's sign of life: one item, written over once a minute. No right and no move depends on it. */
const signs = entity(
  (options) =>
    new Entity(
      {
        model: { entity: "sweep", version: "1", service: "daypass" },
        attributes: {
          sweeper: { type: "string", required: true },
          sweptAt: { type: "string", required: true },
        },
        indexes: { bySweeper: { pk: key("pk", ["sweeper"]), sk: key("sk", []) } },
      },
      options,
    ),
);

export async function recordSweep(ctx: Pick<Context, "table" | "clock">): Promise<void> {
  const params = signs(ctx).put({ sweeper: "sweeper", sweptAt: ctx.clock.now() }).params();
  await commitAll(ctx, [putting(params, () => conflict("sweep.unrecorded", "The sweep left no sign."))]);
}

/** When the last sweep that came to its end did so. */
export async function findLastSweep(ctx: Pick<Context, "table">): Promise<Instant | undefined> {
  const { data } = await signs(ctx).get({ sweeper: "sweeper" }).go();
  return data?.sweptAt as Instant | undefined;
}
