import { puttingDatabase } from "@daypass/core/catalog/database.store.ts";
import { creatingInstance } from "@daypass/core/catalog/instance.store.ts";
import { advanceGrant } from "@daypass/core/grant/advance-grant.ts";
import { planningGrant } from "@daypass/core/grant/grant.store.ts";
import { accountName, type Grant, grantIdOf } from "@daypass/core/grant/grant.ts";
import { type SweepContext, sweep } from "@daypass/core/grant/sweep.ts";
import { type Id, idFrom, newId, ulidOf } from "@daypass/core/kernel/ids.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import { runReconciliation } from "@daypass/core/reconciliation/run-reconciliation.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createStory, type Story, sweeper } from "../story.ts";

let story: Story;
beforeEach(async () => {
  story = await createStory();
});
afterEach(() => story.world.close());

type Broker = SweepContext["brokers"]["turn"];
const bySweeper: Broker = (_networkId, grantId) => advanceGrant(story.server.broker(sweeper), grantId);
const run = (turn: Broker = bySweeper) =>
  sweep({ ...story.ctx(sweeper), brokers: { turn, reconcile: async () => undefined } });

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
  expect(await run()).toMatchObject({ grants: 0, failedGrants: 0, lapsedRequests: 0 });
  story.world.clock.advance({ minutes: 2 });
  expect(await run()).toMatchObject({ grants: 1, failedGrants: 0, lapsedRequests: 0 });
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

describe("an alarm", () => {
  test("is raised by the sweeper five minutes after an end that nobody could carry out, once", async () => {
    const { id } = await story.activeGrant();
    story.server.isUp = false;
    story.world.clock.advance({ minutes: 60 });
    await story.turn(id);
    for (let seconds = 0; seconds < 300; seconds += 60) {
      expect(await run()).toMatchObject({ alarms: 0 });
      story.world.clock.advance({ minutes: 1 });
    }
    const { events } = await story.world.watch(async () => {
      expect(await run()).toMatchObject({ alarms: 1 });
    });
    expect(events[0]).toMatchObject({
      operation: "grant.alarm",
      subjectId: id,
      actor: { name: "sweeper" },
      data: {
        cause: "not-revoked",
        message: "Not revoked 5 minutes after its end. The server cannot be reached.",
        others: 0,
        quiet: false,
      },
    });
    story.world.clock.advance({ minutes: 1 });
    expect(await run()).toMatchObject({ alarms: 0 });
    story.server.isUp = true;
    story.world.clock.advance({ minutes: 6 });
    await run();
    expect((await story.grant(id)).state).toBe("revoked");
  });

  test("is raised also when no broker can be called at all, and says that nobody looked", async () => {
    const { id } = await story.activeGrant();
    story.world.clock.advance({ minutes: 65 });
    const away: Broker = () => Promise.reject(new Error("away"));
    const { events } = await story.world.watch(async () => {
      expect(await run(away)).toMatchObject({ alarms: 1, failedGrants: 1 });
    });
    expect(events).toMatchObject([{ operation: "grant.alarm", subjectId: id }]);
    expect(String(events[0]?.data["message"])).toContain("Nobody has looked at it");
  });

  test("of many on one instance: each has its event, and one of them tells of all by mail", async () => {
    for (let made = 0; made < 3; made += 1) await story.activeGrant();
    story.server.isUp = false;
    story.world.clock.advance({ minutes: 65 });
    const { events } = await story.world.watch(run);
    const alarms = events.filter(({ operation }) => operation === "grant.alarm");
    expect(alarms.map(({ data }) => [data["others"], data["quiet"]])).toEqual([
      [2, false],
      [0, true],
      [0, true],
    ]);
  });

  test("is none for what is revoked within five minutes", async () => {
    await story.activeGrant();
    story.world.clock.advance({ minutes: 60, ms: 30_000 });
    await run();
    story.world.clock.advance({ minutes: 30 });
    expect(await run()).toMatchObject({ alarms: 0 });
  });
});

describe("comparing ledger and accounts", () => {
  const compare = async (networkId: Id<"network">, instanceId: Id<"instance">) => {
    expect(networkId).toBe(story.registered.instance.networkId);
    await runReconciliation(story.server.broker(sweeper), instanceId);
  };
  const sweepWith = () => sweep({ ...story.ctx(sweeper), brokers: { turn: bySweeper, reconcile: compare } });

  test("happens every 15 minutes while something is lent, and an hour after the last the server is left asleep", async () => {
    expect(await sweepWith()).toMatchObject({ reconciledInstances: 0 });
    const { id } = await story.activeGrant();
    const times: number[] = [];
    for (let minute = 0; minute < 240; minute += 1) {
      if ((await sweepWith()).reconciledInstances > 0) times.push(minute);
      story.world.clock.advance({ minutes: 1 });
    }
    expect((await story.grant(id)).state).toBe("revoked");
    expect(times).toEqual([0, 15, 30, 45, 60, 75, 90, 105, 120]);
    await story.activeGrant();
    expect(await sweepWith()).toMatchObject({ reconciledInstances: 1 });
  });

  test("finds what a crash left behind within 15 minutes, and closes it", async () => {
    const grant = await story.activeGrant();
    await sweepWith();
    const account = story.server.accounts.get(grant.account);
    if (!account) throw new Error("no account");
    const grantId = newId("grant", story.world.ids);
    const name = accountName(grantId);
    story.server.accounts.set(name, { ...account, plan: { ...account.plan, name, grantId } });
    for (let minute = 0; minute < 15; minute += 1) {
      story.world.clock.advance({ minutes: 1 });
      await sweepWith();
    }
    expect(story.server.opens(name)).toBe(false);
    expect(story.server.opens(grant.account)).toBe(true);
  });

  test("of an instance whose broker is away is tried again each minute; the others go on", async () => {
    const { id } = await story.plannedGrant();
    story.world.clock.advance({ minutes: 2 });
    const away = () => Promise.reject(new Error("away"));
    const report = await sweep({ ...story.ctx(sweeper), brokers: { turn: bySweeper, reconcile: away } });
    expect(report).toMatchObject({ grants: 1, failedGrants: 0, reconciledInstances: 0 });
    expect((await story.grant(id)).state).toBe("active");
    story.world.clock.advance({ minutes: 1 });
    expect(await sweepWith()).toMatchObject({ reconciledInstances: 1 });
  });
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
  expect(report).toMatchObject({ grants: 2, failedGrants: 1, lapsedRequests: 0 });
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
  expect(report).toMatchObject({ grants: 1, failedGrants: 0, lapsedRequests: 0 });
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
