import { z } from "zod";
import { actingUser } from "../identity/acting-user.ts";
import type { Context } from "../kernel/context.ts";
import { operation } from "../kernel/operation.ts";
import type { EventView } from "./event.view.ts";
import { eventFilter, type Filter, findEvents } from "./search-events.ts";

/** So many events at most, after looking at so many, with so many at a time. */
type Bounds = { most: number; lookAt: number; atOnce: number };
const bounds: Bounds = { most: 10_000, lookAt: 50_000, atOnce: 1000 };

/** What a search finds as one file: at most 10,000 events. An export shows much at once and is recorded itself. */
export const exportEvents = operation({
  name: "audit.export",
  input: z.strictObject(eventFilter),
  load: async (_ctx: Context, _filter) => ({ facts: {} }),
  decide: async (ctx, filter) => {
    const { items, truncated } = await gatherEvents(ctx, filter, bounds);
    const asked = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
    return {
      result: { items, truncated },
      writes: [],
      event: {
        subjectId: actingUser(ctx).id,
        data: { events: items.length, truncated, filter: JSON.stringify(asked) },
      },
    };
  },
});

/** `truncated`: there are, or may be, more than these. */
export async function gatherEvents(
  ctx: Pick<Context, "table">,
  filter: Filter,
  { most, lookAt, atOnce }: Bounds,
): Promise<{ items: EventView[]; truncated: boolean }> {
  const items: EventView[] = [];
  let cursor: string | undefined;
  for (let looked = 0; ; ) {
    const limit = Math.min(atOnce, most - items.length);
    const page = await findEvents(ctx, filter, { cursor, limit, lookAt: Math.min(atOnce, lookAt - looked) });
    items.push(...page.items);
    looked += page.looked;
    if (page.nextCursor === null) return { items, truncated: false };
    if (items.length >= most || looked >= lookAt) return { items, truncated: true };
    cursor = page.nextCursor;
  }
}
