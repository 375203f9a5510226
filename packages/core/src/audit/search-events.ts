import { z } from "zod";
import { type Instant, instantSchema } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import type { AuditEvent } from "../kernel/event.ts";
import { idSchema, isId, ulidOf } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { pageInput } from "../kernel/page.ts";
import { operationNames } from "../kernel/permission.ts";
import { findRequest } from "../request/request.store.ts";
import { type EventKey, listEvents } from "./event.reads.ts";
import type { EventView } from "./event.view.ts";
import { presentEvent } from "./present-event.ts";

export const eventFilter = {
  /** A user's identifier, or "system:workflow", "system:sweeper", "system:setup". */
  actor: z
    .string()
    .regex(/^(usr_[0-9A-Z]{26}|system:[a-z]+)$/, "must be a user's identifier or system:…")
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
type Filter = z.output<z.ZodObject<typeof eventFilter>>;

export type EventPage = { items: EventView[]; nextCursor: string | null; searchedBackTo: Instant | null };

/** The audit trail, newest first. One filter goes by a key; the others look through at most `lookAt` events a call,
 * and `searchedBackTo` says how far that was: an answer never takes longer because the past is long. */
export const searchEvents = operation({
  name: "audit.search",
  input: z.strictObject({ ...eventFilter, ...pageInput }),
  load: async (ctx: Context, { cursor, limit, ...filter }) => ({
    facts: {},
    page: await findEvents(ctx, filter, { cursor, limit, lookAt: 1000 }),
  }),
  decide: (_ctx, _input, { page }) => ({ result: page }),
});

export async function findEvents(
  ctx: Pick<Context, "table">,
  filter: Filter,
  { cursor, limit, lookAt }: { cursor?: string | undefined; limit: number; lookAt: number },
): Promise<EventPage> {
  const key = await keyOf(ctx, filter);
  const items: AuditEvent[] = [];
  let seen = 0;
  let next = cursor;
  let last: Instant | null = null;
  do {
    const wanted = limit - items.length;
    const chunk = isSelective(filter, key) ? Math.min(100, lookAt - seen) : wanted;
    // A chunk that may hold more matches than are wanted would lose some between pages: take it only while it fits.
    const page = await listEvents(ctx, key, {
      from: filter.from,
      to: filter.to,
      cursor: next,
      limit: Math.min(chunk, 100),
    });
    const found = page.items.filter((event) => matches(event, filter));
    if (found.length > wanted) {
      const cut = await listUntil(ctx, key, filter, next, wanted);
      return {
        items: [...items, ...cut.items].map(presentEvent),
        nextCursor: cut.nextCursor,
        searchedBackTo: cut.last,
      };
    }
    items.push(...found);
    seen += page.items.length;
    last = page.items.at(-1)?.at ?? last;
    next = page.nextCursor ?? undefined;
  } while (next !== undefined && items.length < limit && seen < lookAt);
  return {
    items: items.map(presentEvent),
    nextCursor: next ?? null,
    searchedBackTo: next === undefined ? null : last,
  };
}

/** Reads on in small steps so that the cursor stands right behind the last event given. */
async function listUntil(
  ctx: Pick<Context, "table">,
  key: EventKey,
  filter: Filter,
  cursor: string | undefined,
  wanted: number,
) {
  const items: AuditEvent[] = [];
  let next = cursor;
  let last: Instant | null = null;
  do {
    const page = await listEvents(ctx, key, {
      from: filter.from,
      to: filter.to,
      cursor: next,
      limit: wanted - items.length,
    });
    items.push(...page.items.filter((event) => matches(event, filter)));
    last = page.items.at(-1)?.at ?? last;
    next = page.nextCursor ?? undefined;
  } while (next !== undefined && items.length < wanted);
  return { items, nextCursor: next ?? null, last };
}

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
