import { z } from "zod";
import { type Instant, instantSchema } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import type { AuditEvent } from "../kernel/event.ts";
import { idSchema, isId, ulidOf } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { badCursor, pageInput } from "../kernel/page.ts";
import { operationNames } from "../kernel/permission.ts";
import { findRequest } from "../request/request.store.ts";
import { type EventKey, listEvents } from "./event.reads.ts";
import type { EventView } from "./event.view.ts";
import { presentEvent } from "./present-event.ts";

export const eventFilter = {
  /** A user's identifier, "system:workflow", "system:sweeper", "system:setup", or "anonymous". */
  actor: z
    .string()
    .regex(/^(usr_[0-9A-Z]{26}|system:[a-z]+|anonymous)$/, "must be a user's identifier or system:…")
    .optional(),
  operation: z.enum(operationNames).optional(),
  database: idSchema("database").optional(),
  /** Identifier of anything; of a request or grant: its whole story. */
  subject: z
    .string()
    .regex(/^[a-z]{3}_[0-9A-Z]{26}$/, "must be an identifier")
    .optional(),
  outcome: z.enum(["done", "denied", "failed"]).optional(),
  from: instantSchema.optional(),
  to: instantSchema.optional(),
  /** Text to be found in names, identifiers or details. */
  q: z.string().trim().max(200).optional(),
};
export type Filter = z.output<z.ZodObject<typeof eventFilter>>;

export type EventPage = { items: EventView[]; nextCursor: string | null; searchedBackTo: Instant | null };

/** The audit trail, newest first. One filter goes by a key; the others look through at most `lookAt` events a call,
 * and `searchedBackTo` says how far that was: an answer never takes longer because the past is long. */
export const searchEvents = operation({
  name: "audit.search",
  input: z.strictObject({ ...eventFilter, ...pageInput }),
  load: async (_ctx: Context, _input) => ({ facts: {} }),
  decide: async (ctx, { cursor, limit, ...filter }) => {
    const found = await findEvents(ctx, filter, { cursor, limit, lookAt: 1000 });
    const { items, nextCursor, searchedBackTo } = found;
    return { result: { items, nextCursor, searchedBackTo } satisfies EventPage };
  },
});

type Look = { cursor?: string | undefined; limit: number; lookAt: number };

/** The cursor names the event that was looked at last, so a page may end behind any of them: none is lost, none comes
 * twice, and none is read again. */
export async function findEvents(
  ctx: Pick<Context, "table">,
  filter: Filter,
  { cursor, limit, lookAt }: Look,
): Promise<EventPage & { looked: number }> {
  if (cursor !== undefined && !isId("event", cursor)) throw badCursor();
  const key = await keyOf(ctx, filter);
  const { from, to } = filter;
  const items: EventView[] = [];
  let before = cursor;
  let at: Instant | null = null;
  for (let looked = 0; ; ) {
    const left = lookAt - looked;
    const size = Math.min(isSelective(filter, key) ? chunk : limit - items.length, left);
    const page = await listEvents(ctx, key, { from, to, before, limit: size });
    for (const [index, event] of page.items.entries()) {
      looked += 1;
      [before, at] = [event.id, event.at];
      if (!matches(event, filter)) continue;
      items.push(presentEvent(event));
      const isAll = page.isLast && index === page.items.length - 1;
      if (items.length === limit && !isAll) return { items, nextCursor: before, searchedBackTo: at, looked };
    }
    if (page.isLast) return { items, nextCursor: null, searchedBackTo: null, looked };
    if (looked >= lookAt) return { items, nextCursor: before ?? null, searchedBackTo: at, looked };
  }
}
const chunk = 250;

/** The most telling of the filters. */
async function keyOf(ctx: Pick<Context, "table">, filter: Filter): Promise<EventKey> {
  if (filter.subject) return { by: "story", story: await storyOf(ctx, filter.subject) };
  if (filter.actor) return { by: "actor", actorId: filter.actor };
  if (filter.database) return { by: "database", databaseId: filter.database };
  if (filter.operation) return { by: "operation", operation: filter.operation };
  return { by: "time" };
}

/** A request, its grant and its extensions share one story; anything else is its own. */
async function storyOf(ctx: Pick<Context, "table">, subject: string): Promise<string> {
  if (isId("request", subject)) return (await findRequest(ctx, subject))?.story ?? ulidOf(subject);
  return subject.slice(4);
}

function isSelective(filter: Filter, key: EventKey): boolean {
  const asked = [filter.actor, filter.operation, filter.database, filter.outcome, filter.q || undefined];
  const left = asked.filter((value) => value !== undefined).length;
  return key.by === "story" || key.by === "time" ? left > 0 : left > 1;
}

function matches(event: AuditEvent, filter: Filter): boolean {
  return (
    (filter.actor === undefined || event.actor.id === filter.actor) &&
    (filter.operation === undefined || event.operation === filter.operation) &&
    (filter.database === undefined || event.database?.id === filter.database) &&
    (filter.outcome === undefined || event.outcome === filter.outcome) &&
    (!filter.q || textOf(event).includes(filter.q.toLowerCase()))
  );
}

function textOf(event: AuditEvent): string {
  const { actor, database, data, operation, subjectId, requestId, outcome } = event;
  const parts = [actor.name, actor.id, database?.name, database?.instance, database?.environment, operation];
  return [...parts, subjectId, requestId, outcome, ...Object.values(data).map(String)]
    .join("\n")
    .toLowerCase();
}
