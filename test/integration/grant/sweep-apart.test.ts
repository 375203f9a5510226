import { creatingInstance } from "@daypass/core/catalog/instance.store.ts";
import { advanceGrant } from "@daypass/core/grant/advance-grant.ts";
import { planningGrant } from "@daypass/core/grant/grant.store.ts";
import type { Grant } from "@daypass/core/grant/grant.ts";
import { type SweepContext, sweep } from "@daypass/core/grant/sweep.ts";
import type { Turn } from "@daypass/core/grant/turn.ts";
import { plusMs } from "@daypass/core/kernel/clock.ts";
import { type Id, idFrom, newId, ulidOf } from "@daypass/core/kernel/ids.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createStory, type Story, sweeper } from "../story.ts";

let story: Story;
beforeEach(async () => {
  story = await createStory();
});
afterEach(() => story.world.close());

type Broker = SweepContext["brokers"]["turn"];
const run = (turn: Broker, changes: Partial<SweepContext> = {}) =>
  sweep({ ...story.ctx(sweeper), brokers: { turn, reconcile: async () => undefined }, ...changes });

/** As many planned grants on an instance of their own; some minutes later all of them are due. */
async function plannedOnTheirOwn(count: number): Promise<{ ids: Set<string>; instanceId: Id<"instance"> }> {
  const seed = await story.plannedGrant();
  const instanceId = newId("instance", story.world.ids);
  const instance = { id: instanceId, name: `beside-${instanceId.slice(-6).toLowerCase()}` };
  await commitAll(story.world, [
    creatingInstance(story.world, { ...story.registered.instance, ...instance }),
  ]);
  const grants = Array.from({ length: count }, (): Grant => {
    const id = newId("grant", story.world.ids);
    return {
      ...seed,
      id,
      requestId: idFrom("request", ulidOf(id)),
      version: 1,
      database: { ...seed.database, instance },
    };
  });
  for (let done = 0; done < count; done += 50) {
    const some = grants.slice(done, done + 50);
    await commitAll(
      story.world,
      some.map((grant) => planningGrant(story.world, grant)),
    );
  }
  return { ids: new Set<string>(grants.map(({ id }) => id)), instanceId };
}

const away = (): Turn => ({
  next: "wait",
  until: plusMs(story.world.clock.now(), 10_000),
  because: "unreachable",
});

test("a server that is not reached is left after three in a row until the next sweep", async () => {
  const { ids } = await plannedOnTheirOwn(200);
  story.world.clock.advance({ minutes: 2 });
  const asked: string[] = [];
  const turn: Broker = async (_network, grantId) => {
    if (!ids.has(grantId)) return advanceGrant(story.server.broker(sweeper), grantId);
    asked.push(grantId);
    return away();
  };
  await run(turn);
  // Three in a row, and those that were under way beside the third.
  expect(asked.length).toBeGreaterThanOrEqual(3);
  expect(asked.length).toBeLessThanOrEqual(6);
  const before = asked.length;
  await run(turn);
  expect(asked.length).toBeGreaterThan(before);
});

test("one that is reached now and then is not left", async () => {
  const { ids } = await plannedOnTheirOwn(30);
  story.world.clock.advance({ minutes: 2 });
  const asked: string[] = [];
  await run(async (_network, grantId) => {
    if (!ids.has(grantId)) return undefined;
    asked.push(grantId);
    return asked.length % 2 === 0 ? away() : { next: "done" };
  });
  expect(new Set(asked).size).toBe(30);
});

test("a slow server keeps nobody waiting but itself", async () => {
  const slow = await plannedOnTheirOwn(20);
  const fast = await plannedOnTheirOwn(60);
  story.world.clock.advance({ minutes: 2 });
  let release: () => void = () => undefined;
  const answer = new Promise<void>((resolve) => {
    release = resolve;
  });
  const done = new Set<string>();
  const sweeping = run(async (_network, grantId) => {
    if (slow.ids.has(grantId)) await answer;
    done.add(grantId);
    return { next: "done" };
  });
  const doneOf = ({ ids }: { ids: Set<string> }) => [...ids].filter((id) => done.has(id)).length;
  await expect.poll(() => doneOf(fast)).toBe(60);
  expect(doneOf(slow)).toBe(0);
  release();
  await sweeping;
  expect(doneOf(slow)).toBe(20);
});

test("once all slots of a server are taken, its grants are left to whoever holds them", async () => {
  const { ids } = await plannedOnTheirOwn(100);
  story.world.clock.advance({ minutes: 2 });
  const asked: string[] = [];
  const report = await run(async (_network, grantId) => {
    if (ids.has(grantId)) asked.push(grantId);
    return { next: "wait", until: plusMs(story.world.clock.now(), 5000), because: "no-slot" };
  });
  expect(asked.length).toBeLessThanOrEqual(4);
  expect(report.failedGrants).toBe(0);
});

test("nothing is begun in the last minute before Lambda stops the sweep, nor after its first fifty seconds", async () => {
  await plannedOnTheirOwn(30);
  story.world.clock.advance({ minutes: 2 });
  const { clock } = story.world;
  const late = { limits: { endsAt: plusMs(clock.now(), 60_000) } };
  expect(await run(() => Promise.reject(new Error("it was begun")), late)).toMatchObject({ grants: 0 });
  const report = await run(async () => {
    clock.advance({ ms: 10_000 });
    return { next: "done" };
  });
  expect(report.grants).toBeGreaterThanOrEqual(5);
  expect(report.grants).toBeLessThanOrEqual(9);
});

test("sweeps that overlap do no harm", async () => {
  const grants = [await story.plannedGrant(), await story.plannedGrant(), await story.plannedGrant()];
  story.world.clock.advance({ minutes: 2 });
  const turn: Broker = (_network, grantId) => advanceGrant(story.server.broker(sweeper), grantId);
  const reports = await Promise.all([run(turn), run(turn), run(turn)]);
  for (const report of reports) expect(report.failedGrants).toBe(0);
  await run(turn);
  for (const { id } of grants) expect((await story.grant(id)).state).toBe("active");
  expect(story.server.mostServers).toBeLessThanOrEqual(4);
});

test("a server on which nothing is due is not touched, so that one that is paused sleeps on", async () => {
  const { id } = await story.activeGrant();
  story.world.clock.advance({ minutes: 30 });
  const report = await run(() => Promise.reject(new Error("it was woken")));
  expect(report).toMatchObject({ grants: 0, failedGrants: 0 });
  expect((await story.grant(id)).state).toBe("active");
});

test("a due grant of a record from before the index was kept by instance is found", async () => {
  const { id } = await story.plannedGrant();
  const grant = await story.grant(id);
  const old = { ...grant, id: newId("grant", story.world.ids) };
  const write = planningGrant(story.world, old);
  const item = write.action.Put?.Item as Record<string, unknown>;
  item["gsi5pk"] = String(item["gsi5pk"]).replace(/_.*$/, "_3");
  item["dueShard"] = "3";
  await commitAll(story.world, [write]);
  story.world.clock.advance({ minutes: 2 });
  const asked: string[] = [];
  await run(async (_network, grantId) => {
    asked.push(grantId);
    return { next: "done" };
  });
  expect(asked.toSorted()).toEqual([id, old.id].toSorted());
});
