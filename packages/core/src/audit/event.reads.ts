import { encodeTime } from "ulid";
import type { Instant } from "../kernel/clock.ts";
import { epochMs } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { events } from "../kernel/event.store.ts";
import type { AuditEvent } from "../kernel/event.ts";
import type { Id } from "../kernel/ids.ts";
import { firstOf } from "../kernel/table.ts";

type Reads = Pick<Context, "table">;

/** The one key that a search goes by; what else was asked is looked for among what the key finds. */
export type EventKey =
  | { by: "story"; story: string }
  | { by: "actor"; actorId: string }
  | { by: "database"; databaseId: string }
  | { by: "operation"; operation: string }
  | { by: "time" };

/** A request with its grant and extensions, oldest first, strongly consistent. Of a story that got very long, as when
 * a server was away for days, the middle is left out: how it began and how it stands now are there. */
export async function listStory(ctx: Reads, story: string): Promise<AuditEvent[]> {
  const read = (order: "asc" | "desc") =>
    events(ctx)
      .query.byStory({ story })
      .go({ ...firstOf(halfStory), consistent: true, order });
  const beginning = await read("asc");
  const end = beginning.cursor === null ? [] : (await read("desc")).data;
  const rows = new Map([...beginning.data, ...end].map((row) => [row.id, row.event as AuditEvent]));
  return [...rows.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
const halfStory = 250;

type Slice = {
  from?: Instant | undefined;
  to?: Instant | undefined;
  /** Only events before this one. */
  before?: Id<"event"> | undefined;
  limit: number;
};

/** Newest first, within `from` (in) and `to` (out). `isLast`: there are none before these. */
export async function listEvents(
  ctx: Reads,
  by: EventKey,
  { from, to, before, limit }: Slice,
): Promise<{ items: AuditEvent[]; isLast: boolean }> {
  const low = `evt_${from ? firstUlid(from) : ""}`;
  const high = [
    to ? justBelow(`evt_${firstUlid(to)}`) : "evt_~",
    before ? justBelow(before) : "evt_~",
  ].reduce((one, other) => (one < other ? one : other));
  if (low > high) return { items: [], isLast: true };
  const { query } = events(ctx);
  const bounds = [{ id: low }, { id: high }] as const;
  // One more than wanted: else a full page at the very end looks like one with something behind it.
  const options = { ...firstOf(limit + 1), order: "desc" as const };
  const { data } = await run();
  const items = data.slice(0, limit).map((row) => row.event as AuditEvent);
  return { items, isLast: data.length <= limit };

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

/** The lowest ULID of a moment: identifiers of events sort by time. Nothing happened before 1970. */
function firstUlid(instant: Instant): string {
  return encodeTime(Math.max(0, epochMs(instant)), 10) + "0".repeat(16);
}

/** Text that sorts after every identifier below this one, and before it. */
function justBelow(id: string): string {
  const last = crockford.indexOf(id.slice(-1));
  return last <= 0 ? id.slice(0, -1) : `${id.slice(0, -1)}${crockford[last - 1]}~`;
}
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
