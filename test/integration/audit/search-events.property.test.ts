import { findEvents } from "@daypass/core/audit/search-events.ts";
import { type Instant, plusMs } from "@daypass/core/kernel/clock.ts";
import type { Actor } from "@daypass/core/kernel/context.ts";
import { eventOf, recording } from "@daypass/core/kernel/event.store.ts";
import type { AuditEvent } from "@daypass/core/kernel/event.ts";
import { type Id, idFrom } from "@daypass/core/kernel/ids.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorld, type World } from "../harness.ts";
import { sweeper, workflow } from "../story.ts";

const operations = ["request.create", "request.review", "grant.start", "grant.finish"] as const;
const outcomes = ["done", "denied", "failed"] as const;
const words = ["orders", "customers", "payroll", "Ärger"];
const stories = ["01JD8Z5K3QW8R4T6Y2X9V7B1CA", "01JD8Z5K3QW8R4T6Y2X9V7B1CB"];
const databases = stories.map((ulid) => idFrom("database", ulid));
const pick = <T>(items: readonly T[], by: number): T => items[by % items.length] as T;

let world: World;
let actors: Actor[];
/** Oldest first. */
let all: AuditEvent[];
let moments: Instant[];
beforeAll(async () => {
  world = await createWorld();
  actors = [world.actor("engineer"), world.actor("lead"), workflow, sweeper];
  all = [];
  const writes = fc
    .sample(fc.tuple(...Array.from({ length: 6 }, () => fc.nat())), { numRuns: 400, seed: 7 })
    .map(([a = 0, b = 0, c = 0, d = 0, e = 0, f = 0]) => {
      // Some share a millisecond, some are far apart.
      if (f % 3 === 0) world.clock.advance({ ms: f % 5000 });
      const id = pick(databases, d);
      const event = eventOf(world.ctx(pick(actors, a)), pick(operations, b), {
        subjectId: idFrom("grant", pick(stories, c)),
        story: pick(stories, c),
        outcome: pick(outcomes, e),
        ...(d % 3 === 0 ? {} : { database: { id, name: `base${d % 2}`, instance: "i", environment: "e" } }),
        data: { reason: `look into ${pick(words, f)}`, list: [pick(words, e)] },
      });
      all.push(event);
      return recording(world.ctx(sweeper), event);
    });
  for (let done = 0; done < writes.length; done += 100)
    await commitAll(world, writes.slice(done, done + 100));
  moments = all.map((event) => event.at);
});
afterAll(() => world.close());

type Filter = Parameters<typeof findEvents>[1];

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const moment = fc
  .tuple(fc.nat(), fc.constantFrom(-1, 0, 1, 86_400_000, -86_400_000))
  .map(([index, off]) => plusMs(pick(moments, index), off));
const filter: () => fc.Arbitrary<Filter> = () =>
  fc.record({
    actor: maybe(fc.nat().map((by) => all.map((event) => event.actor.id)[by % all.length] ?? "")),
    operation: maybe(fc.constantFrom(...operations)),
    database: maybe(fc.constantFrom(...databases)),
    subject: maybe(fc.constantFrom(...stories.map((ulid) => `grt_${ulid}`))),
    outcome: maybe(fc.constantFrom(...outcomes)),
    from: maybe(moment),
    to: maybe(moment),
    q: maybe(
      fc.constantFrom("", "ORDERS", "ärger", "erin vale", "base1", "grant.", "nowhere", stories[0] ?? ""),
    ),
  });

/** What the filters mean, said once more and without a table. */
function expected(asked: Filter): string[] {
  const holds = (event: AuditEvent) => {
    const text = [
      event.actor.name,
      event.actor.id,
      event.database?.name,
      event.database?.instance,
      event.database?.environment,
      event.operation,
      event.subjectId,
      event.requestId,
      event.outcome,
      ...Object.values(event.data).flat(),
    ].map((part) => String(part ?? "").toLowerCase());
    const wanted = (asked.q ?? "").toLowerCase();
    return [
      !asked.actor || event.actor.id === asked.actor,
      !asked.operation || event.operation === asked.operation,
      !asked.database || event.database?.id === asked.database,
      !asked.subject || event.story === asked.subject.slice(4),
      !asked.outcome || event.outcome === asked.outcome,
      !asked.from || event.at >= asked.from,
      !asked.to || event.at < asked.to,
      text.some((part) => part.includes(wanted)),
    ].every(Boolean);
  };
  return all
    .filter(holds)
    .map((event) => event.id)
    .toReversed();
}

test("whatever is asked for, in pages of any size and with any bound, all of it comes once and in order", async () => {
  const run = async (asked: Filter, limit: number, lookAt: number) => {
    const found: string[] = [];
    let cursor: string | undefined;
    let back: Instant | undefined;
    for (let calls = 0; ; calls += 1) {
      expect(calls).toBeLessThan(1000);
      const page = await findEvents(world, asked, { cursor, limit, lookAt });
      expect(page.looked).toBeLessThanOrEqual(lookAt);
      expect(page.items.length).toBeLessThanOrEqual(limit);
      found.push(...page.items.map((event) => event.id));
      if (page.nextCursor === null) {
        expect(page.searchedBackTo).toBeNull();
        break;
      }
      // Each call gets on, and says truly how far.
      expect(page.searchedBackTo).not.toBeNull();
      if (back && page.searchedBackTo) expect(page.searchedBackTo <= back).toBe(true);
      back = page.searchedBackTo ?? back;
      expect(page.nextCursor).not.toBe(cursor);
      cursor = page.nextCursor;
    }
    expect(found).toEqual(expected(asked));
  };
  await fc.assert(
    fc.asyncProperty(filter(), fc.integer({ min: 1, max: 100 }), fc.integer({ min: 20, max: 500 }), run),
    { numRuns: 60 },
  );
}, 120_000);

test("any event is a place to go on from", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 30 }), async (by, limit) => {
      const { id } = pick(all, by);
      const page = await findEvents(world, {}, { cursor: id, limit, lookAt: 1000 });
      const before = all.map((event) => event.id).filter((other) => other < id);
      expect(page.items.map((event) => event.id)).toEqual(before.toReversed().slice(0, limit));
    }),
    { numRuns: 40 },
  );
});

test("identifiers that end in any character are places to go on from", async () => {
  const own = await createWorld();
  const ulids = Array.from("0123456789ABCDEFGHJKMNPQRSTVWXYZ", (last) => `01JD8Z5K3QW8R4T6Y2X9V7B10${last}`);
  const ids = ulids.map((ulid) => idFrom("event", ulid));
  const ctx = own.ctx(sweeper);
  const event = eventOf(ctx, "grant.start", { subjectId: "none" });
  await commitAll(
    ctx,
    ids.map((id) => recording(ctx, { ...event, id })),
  );
  const seen: Id<"event">[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await findEvents(own, {}, { cursor, limit: 1, lookAt: 10 });
    seen.push(...page.items.map((item) => item.id));
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  expect(seen).toEqual(ids.toReversed());
  await own.close();
});
