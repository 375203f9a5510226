import { puttingDatabase } from "@daypass/core/catalog/database.store.ts";
import { creatingInstance } from "@daypass/core/catalog/instance.store.ts";
import { advanceGrant } from "@daypass/core/grant/advance-grant.ts";
import { planningGrant } from "@daypass/core/grant/grant.store.ts";
import { type Grant, grantIdOf } from "@daypass/core/grant/grant.ts";
import { type SweepContext, sweep } from "@daypass/core/grant/sweep.ts";
import { idFrom, newId, ulidOf } from "@daypass/core/kernel/ids.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createStory, type Story, sweeper } from "../story.ts";

let story: Story;
beforeEach(async () => {
  story = await createStory();
});
afterEach(() => story.world.close());

type Broker = SweepContext["brokers"]["turn"];
const bySweeper: Broker = (_networkId, grantId) => advanceGrant(story.server.broker(sweeper), grantId);
const run = (turn: Broker = bySweeper) => sweep({ ...story.ctx(sweeper), brokers: { turn } });

/** As many grants like this one, all planned by now, on an instance of their own. */
async function plannedBeside(grant: Grant, count: number): Promise<Grant[]> {
  const instanceId = newId("instance", story.world.ids);
  const instance = { id: instanceId, name: `beside-${instanceId.slice(-6).toLowerCase()}` };
  await commitAll(story.world, [
    creatingInstance(story.world, { ...story.registered.instance, ...instance }),
  ]);
  const many = Array.from({ length: count }, () => {
    const id = newId("grant", story.world.ids);
    const requestId = idFrom("request", ulidOf(id));
    return { ...grant, id, requestId, version: 1, database: { ...grant.database, instance } };
  });
  for (let done = 0; done < count; done += 100) {
    await commitAll(
      story.world,
      many.slice(done, done + 100).map((one) => planningGrant(story.world, one)),
    );
  }
  return many;
}

test("a planned grant whose timer never started is provisioned", async () => {
  const { id } = await story.plannedGrant();
  expect(await run()).toEqual({ grants: 0, failedGrants: 0, lapsedRequests: 0 });
  story.world.clock.advance({ minutes: 2 });
  expect(await run()).toEqual({ grants: 1, failedGrants: 0, lapsedRequests: 0 });
  expect(await story.grant(id)).toMatchObject({ state: "active" });
});

test("a grant whose timer is lost is revoked within a minute of its end", async () => {
  const { id } = await story.activeGrant();
  story.world.clock.advance({ minutes: 60 });
  expect(await run()).toMatchObject({ grants: 0 });
  story.world.clock.advance({ ms: 30_000 });
  expect(await run()).toMatchObject({ grants: 1 });
  expect(await story.grant(id)).toMatchObject({ state: "revoked" });
  expect(await run()).toMatchObject({ grants: 0 });
});

test("an extension that nobody told the database of is told", async () => {
  const { id } = await story.activeGrant();
  await story.approve((await story.extend(id)).id);
  story.world.clock.advance({ minutes: 2 });
  expect(await run()).toMatchObject({ grants: 1 });
  const { endsAt, databaseEndsAt } = await story.grant(id);
  expect(databaseEndsAt).toBe(endsAt);
});

test("requests past their deadline lapse, each with its event", async () => {
  const asked = [await story.ask(), await story.ask({}, "lead")];
  story.world.clock.advance({ days: 7 });
  const { events } = await story.world.watch(run);
  expect(events.map((event) => [event.operation, event.actor.id])).toEqual([
    ["request.lapse", "system:sweeper"],
    ["request.lapse", "system:sweeper"],
  ]);
  for (const { id } of asked) expect(await story.request(id)).toMatchObject({ status: "lapsed" });
  expect(await run()).toMatchObject({ lapsedRequests: 0 });
});

test("what fails is reported and tried again a minute later; the others go on", async () => {
  const failing = await story.plannedGrant();
  const good = await story.plannedGrant();
  story.world.clock.advance({ minutes: 2 });
  const report = await run(async (networkId, grantId) => {
    if (grantId === failing.id) throw new Error("the broker is away");
    await bySweeper(networkId, grantId);
  });
  expect(report).toEqual({ grants: 2, failedGrants: 1, lapsedRequests: 0 });
  expect(await story.grant(good.id)).toMatchObject({ state: "active" });
  expect(await story.grant(failing.id)).toMatchObject({ state: "planned" });
  expect(await run()).toMatchObject({ grants: 1, failedGrants: 0 });
});

test("one that somebody else moved meanwhile is no failure", async () => {
  await story.plannedGrant();
  story.world.clock.advance({ minutes: 2 });
  const report = await run(async (networkId, grantId) => {
    await Promise.all([bySweeper(networkId, grantId), bySweeper(networkId, grantId)]);
  });
  expect(report).toEqual({ grants: 1, failedGrants: 0, lapsedRequests: 0 });
});

test("a server that does not answer delays neither the others nor the requests", async () => {
  const good = await story.plannedGrant();
  const asked = await story.ask();
  const hanging = await plannedBeside(good, 20);
  story.world.clock.advance({ days: 7 });
  const isHanging = new Set<string>(hanging.map(({ id }) => id));
  let release: () => void = () => undefined;
  const answer = new Promise<void>((resolve) => {
    release = resolve;
  });
  let waiting = 0;
  let most = 0;
  const sweeping = run(async (networkId, grantId) => {
    if (!isHanging.has(grantId)) return bySweeper(networkId, grantId);
    waiting += 1;
    most = Math.max(most, waiting);
    await answer;
    waiting -= 1;
  });
  await expect.poll(async () => (await story.grant(good.id)).state).toBe("active");
  await expect.poll(async () => (await story.request(asked.id)).status).toBe("lapsed");
  release();
  expect(await sweeping).toMatchObject({ grants: 21, failedGrants: 0 });
  expect(most).toBe(4);
});

test("hundreds that cannot be looked at do not hide one that can", async () => {
  const seed = await story.plannedGrant();
  const dead = new Set<string>((await plannedBeside(seed, 800)).map(({ id }) => id));
  story.world.clock.advance({ minutes: 10 });
  const late = grantIdOf((await story.ask({}, "auditor")).id);
  story.world.clock.advance({ minutes: 2 });
  await run(async (networkId, grantId) => {
    if (dead.has(grantId)) throw new Error("the broker of this network is away");
    await bySweeper(networkId, grantId);
  });
  expect(await story.grant(late)).toMatchObject({ state: "active" });
});

test("only grants and requests that are due are looked at, however many there are", async () => {
  for (let made = 0; made < 5; made += 1) await story.activeGrant();
  const calls: string[] = [];
  await run(async (_networkId, grantId) => void calls.push(grantId));
  expect(calls).toEqual([]);
});

test("each grant goes to the broker of its own network", async () => {
  const { world, registered } = story;
  const networkId = newId("network", world.ids);
  const instance = { ...registered.instance, id: newId("instance", world.ids), name: "elsewhere", networkId };
  const database = { ...registered.database, id: newId("database", world.ids), instanceId: instance.id };
  await commitAll(world, [creatingInstance(world, instance), puttingDatabase(world, database)]);
  const here = grantIdOf((await story.ask({}, "auditor")).id);
  const there = grantIdOf((await story.ask({ databaseId: database.id }, "auditor")).id);
  world.clock.advance({ minutes: 2 });
  const calls = new Map<string, string>();
  await run(async (network, grantId) => void calls.set(grantId, network));
  expect(calls).toEqual(
    new Map([
      [here, registered.instance.networkId],
      [there, networkId],
    ]),
  );
});
