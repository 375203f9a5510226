import { exportEvents, gatherEvents } from "@daypass/core/audit/export-events.ts";
import { eventOf, recording } from "@daypass/core/kernel/event.store.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Person } from "../harness.ts";
import { meanwhile } from "../meanwhile.ts";
import { isDenied, isRefused, leavesOneEvent } from "../outcome.ts";
import { anonymous, createStory, type Story, sweeper } from "../story.ts";

let story: Story;
beforeAll(async () => {
  story = await createStory();
  await story.activeGrant();
});
afterAll(() => story.world.close());

const save = (filter: object = {}, who: Person = "auditor") => exportEvents(story.ctx(who), filter);

test("it holds what the search finds, and exactly one event says who took what", async () => {
  let saved: Awaited<ReturnType<typeof save>> | undefined;
  const event = await leavesOneEvent(story.world, async () => {
    saved = await save({ operation: "request.review", q: "approve" });
  });
  expect(saved).toMatchObject({ items: [{ operation: "request.review" }], truncated: false });
  expect(event).toMatchObject({
    operation: "audit.export",
    subjectId: story.world.people.auditor.id,
    actor: { name: "Oscar Brandt" },
    data: { events: 1, truncated: false, filter: '{"operation":"request.review","q":"approve"}' },
  });
});

test("no record, no file", async () => {
  const ctx = meanwhile(story.ctx("auditor"), () => Promise.reject(new Error("the table is away")));
  const { error, events } = await story.world.watch(() => exportEvents(ctx, {}));
  expect(error).toMatchObject({ message: "the table is away" });
  expect(events).toEqual([]);
});

test("two at once are both given and both recorded", async () => {
  const { events } = await story.world.watch(() => Promise.all([save(), save({}, "administrator")]));
  expect(events.map((event) => event.operation)).toEqual(["audit.export", "audit.export"]);
});

test("bad input is refused and leaves nothing", async () => {
  await isRefused(story.world, () => save({ limit: 10 }), "input.invalid");
  await isRefused(story.world, () => save({ from: "yesterday" }), "input.invalid");
});

test("only administrators and auditors may, and the others' attempts are recorded", async () => {
  for (const who of ["engineer", "lead", "analyst"] as const) {
    await isDenied(story.world, () => save({}, who), "audit.export");
  }
  await isRefused(story.world, () => exportEvents(story.ctx(anonymous), {}), "session.required");
});

test("it stops at its bounds and says that there may be more; rare ones are looked for further", async () => {
  const own = await createStory();
  const ctx = own.ctx(sweeper);
  const writes = Array.from({ length: 301 }, (_, index) => {
    const operation = index === 0 ? "grant.finish" : "grant.start";
    return recording(ctx, eventOf(ctx, operation, { subjectId: "none" }));
  });
  for (let done = 0; done < writes.length; done += 100) await commitAll(ctx, writes.slice(done, done + 100));
  const gather = async (filter: Parameters<typeof gatherEvents>[1], most: number, lookAt: number) => {
    const { items, truncated } = await gatherEvents(own.world, filter, { most, lookAt, atOnce: 50 });
    expect(new Set(items.map((event) => event.id)).size).toBe(items.length);
    return [items.length, truncated];
  };
  expect(await gather({}, 301, 1000)).toEqual([301, false]);
  expect(await gather({}, 300, 1000)).toEqual([300, true]);
  expect(await gather({}, 1000, 120)).toEqual([120, true]);
  expect(await gather({ operation: "grant.start" }, 300, 1000)).toEqual([300, false]);
  expect(await gather({ q: "grant.finish" }, 300, 1000)).toEqual([1, false]);
  expect(await gather({ q: "grant.finish" }, 300, 300)).toEqual([0, true]);
  await own.world.close();
});
