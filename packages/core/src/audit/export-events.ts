import { z } from "zod";
import { actingUser } from "../identity/acting-user.ts";
import type { Context } from "../kernel/context.ts";
import { operation } from "../kernel/operation.ts";
import type { EventView } from "./event.view.ts";
import { eventFilter, findEvents } from "./search-events.ts";

const mostEvents = 10_000;
const mostLookedAt = 50_000;
const perRead = 1000;

/** What a search finds as one file: at most 10,000 events. An export shows much at once and is recorded itself. */
export const exportEvents = operation({
  name: "audit.export",
  input: z.strictObject(eventFilter),
  load: async (_ctx: Context, _filter) => ({ facts: {} }),
  decide: async (ctx, filter) => {
    const items: EventView[] = [];
    let cursor: string | undefined;
    let looked = 0;
    do {
      const limit = Math.min(perRead, mostEvents - items.length);
      const page = await findEvents(ctx, filter, { cursor, limit, lookAt: perRead });
      items.push(...page.items);
      looked += page.looked;
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined && items.length < mostEvents && looked < mostLookedAt);
    const asked = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
    return {
      result: { items, truncated: cursor !== undefined },
      writes: [],
      event: { subjectId: actingUser(ctx).id, data: { events: items.length, filter: JSON.stringify(asked) } },
    };
  },
});
