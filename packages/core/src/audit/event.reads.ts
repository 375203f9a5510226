import { encodeTime } from "ulid";
import type { Instant } from "../kernel/clock.ts";
import { epochMs } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { events } from "../kernel/event.store.ts";
import type { AuditEvent } from "../kernel/event.ts";
import { type Page, withCursor } from "../kernel/page.ts";

type Reads = Pick<Context, "table">;

/** The one key that a search goes by; what else was asked is looked for among what the key finds. */
export type EventKey =
  | { by: "story"; story: string }
  | { by: "actor"; actorId: string }
  | { by: "database"; databaseId: string }
  | { by: "operation"; operation: string }
  | { by: "time" };

/** A request with its grant and extensions, oldest first, at most 500 events; strongly consistent. */
export async function listStory(ctx: Reads, story: string): Promise<AuditEvent[]> {
  const { data } = await events(ctx)
    .query.byStory({ story })
    .go({ consistent: true, order: "asc", limit: 500 });
  return data.map((row) => row.event as AuditEvent);
}

type Slice = {
  from?: Instant | undefined;
  to?: Instant | undefined;
  cursor?: string | undefined;
  limit: number;
};

/** Newest first, within `from` (in) and `to` (out). */
export function listEvents(ctx: Reads, by: EventKey, slice: Slice): Promise<Page<AuditEvent>> {
  const range = {
    from: slice.from ? `evt_${firstUlid(slice.from)}` : "evt_",
    to: slice.to ? `evt_${firstUlid(slice.to)}` : "evt_~",
  };
  const options = { cursor: slice.cursor ?? null, limit: slice.limit, order: "desc" as const };
  const { query } = events(ctx);
  const bounds = [{ id: range.from }, { id: range.to }] as const;
  return withCursor(async () => {
    const { data, cursor } = await run();
    return { items: data.map((row) => row.event as AuditEvent), nextCursor: cursor };
  });

  function run() {
    switch (by.by) {
      case "story":
        return query
          .byStory({ story: by.story })
          .between(...bounds)
          .go(options);
      case "actor":
        return query
          .byActor({ actorId: by.actorId })
          .between(...bounds)
          .go(options);
      case "database":
        return query
          .byDatabase({ databaseId: by.databaseId })
          .between(...bounds)
          .go(options);
      case "operation":
        return query
          .byOperation({ operation: by.operation })
          .between(...bounds)
          .go(options);
      case "time":
        return query
          .byTime({ all: "all" })
          .between(...bounds)
          .go(options);
    }
  }
}

/** The lowest ULID of a moment: identifiers of events sort by time. */
function firstUlid(instant: Instant): string {
  return encodeTime(epochMs(instant), 10) + "0".repeat(16);
}
