import { BatchGetCommand, QueryCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { endInstanceAccess, orderInstanceAccessEnd } from "@daypass/core/catalog/end-instance-access.ts";
import { creatingInstance } from "@daypass/core/catalog/instance.store.ts";
import { findAccessEnd, listOpenAccessEnds } from "@daypass/core/grant/access-end.store.ts";
import { advanceGrant } from "@daypass/core/grant/advance-grant.ts";
import { carryOutAccessEnd } from "@daypass/core/grant/carry-out-access-end.ts";
import { endWhileAsked } from "@daypass/core/grant/end-while-asked.ts";
import { planningGrant } from "@daypass/core/grant/grant.store.ts";
import type { Grant } from "@daypass/core/grant/grant.ts";
import { sweep } from "@daypass/core/grant/sweep.ts";
import { sweepAccessEnds } from "@daypass/core/grant/sweep-access-ends.ts";
import { endUserAccess, orderUserAccessEnd } from "@daypass/core/identity/end-user-access.ts";
import { reinstateUser } from "@daypass/core/identity/reinstate-user.ts";
import { suspendUser } from "@daypass/core/identity/suspend-user.ts";
import type { Context } from "@daypass/core/kernel/context.ts";
import { idFrom, newId, ulidOf } from "@daypass/core/kernel/ids.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isDenied } from "../outcome.ts";
import { createStory, type Story, sweeper } from "../story.ts";

let story: Story;
beforeEach(async () => {
  story = await createStory();
});
afterEach(() => story.world.close());

const reason = "the server was broken into";
const onInstance = () => ({ id: story.registered.instance.id, reason });
const ofPerson = () => ({ id: story.world.people.engineer.id, reason });
const administrator = () => story.ctx("administrator");
const bySweeper = () => sweepAccessEnds(story.ctx(sweeper), story.world.clock.now());
const wholeSweep = () =>
  sweep({
    ...story.ctx(sweeper),
    brokers: {
      turn: (_networkId, grantId) => advanceGrant(story.server.broker(sweeper), grantId),
      reconcile: async () => undefined,
    },
  });

/** As many active grants like this one, whose ends are hours away. */
async function activeBeside(grant: Grant, count: number, change: Partial<Grant> = {}): Promise<Grant[]> {
  const many = Array.from({ length: count }, () => {
    const id = newId("grant", story.world.ids);
    const of = { id, story: ulidOf(id), requestId: idFrom("request", ulidOf(id)), version: 1 };
    return { ...grant, ...of, account: `dp_${ulidOf(id).toLowerCase()}`, ...change };
  });
  for (let done = 0; done < count; done += 100) {
    await commitAll(
      story.world,
      many.slice(done, done + 100).map((one) => planningGrant(story.world, one)),
    );
  }
  return many;
}

/** The process dies at this transaction: neither it nor anything after it happens. */
function dyingAt<C extends Context>(ctx: C, transaction: number): C {
  let count = 0;
  return sendingThrough(ctx, (command) => {
    if (command instanceof TransactWriteCommand) count += 1;
    if (count >= transaction) throw new Error("the process is gone");
  });
}

function sendingThrough<C extends Context>(ctx: C, look: (command: unknown) => void): C {
  const client = new Proxy(ctx.table.client, {
    get(target, name) {
      if (name !== "send") return Reflect.get(target, name) as unknown;
      return async (command: Parameters<typeof target.send>[0]) => {
        look(command);
        return target.send(command);
      };
    },
  });
  return { ...ctx, table: { ...ctx.table, client } };
}

const statesOf = async (grants: readonly Grant[]) => {
  const states = await Promise.all(grants.map(async ({ id }) => (await story.grant(id)).state));
  return [...new Set(states)].toSorted();
};

test.each([
  ["an instance", onInstance, endInstanceAccess],
  ["a person", ofPerson, endUserAccess],
] as const)(
  "the caller dies after the order for %s: 200 grants end by the sweeper alone, each with its reason and whose order it was",
  async (_what, input, end) => {
    const one = await story.activeGrant();
    const many = [one, ...(await activeBeside(one, 199))];
    const dead = dyingAt(administrator(), 2);
    await end(dead, input() as never).catch(() => undefined);
    expect(await statesOf(many)).toEqual(["active"]);
    const { events } = await story.world.watch(() => wholeSweep());
    expect(await statesOf(many)).toEqual(["revoked"]);
    const ended = events.filter(({ operation }) => operation === "grant.end");
    expect(ended.map(({ subjectId }) => subjectId).toSorted()).toEqual(many.map(({ id }) => id).toSorted());
    for (const { actor, data } of ended) {
      expect(actor).toMatchObject({ name: "sweeper" });
      expect(data).toMatchObject({ reason, endedBy: "administrator", orderedBy: "Priya Castell" });
    }
  },
);

test("the caller dies in the middle: what it ended is not ended twice, and the rest is", async () => {
  const one = await story.activeGrant();
  const many = [one, ...(await activeBeside(one, 199))];
  await endInstanceAccess(dyingAt(administrator(), 4), onInstance()).catch(() => undefined);
  expect(await statesOf(many)).toEqual(["active", "revoking"]);
  await bySweeper();
  expect(await statesOf(many)).toEqual(["revoking"]);
  const events = (await story.world.events()).filter(({ operation }) => operation === "grant.end");
  expect(events).toHaveLength(200);
  expect(new Set(events.map(({ subjectId }) => subjectId)).size).toBe(200);
});

test("a caller whose time is over says how many are left, and they end without another call", async () => {
  const one = await story.activeGrant();
  const many = [one, ...(await activeBeside(one, 199))];
  const ctx = administrator();
  // Each transaction takes four seconds: few fit in before the answer is due.
  const slow = sendingThrough(ctx, (command) => {
    if (command instanceof TransactWriteCommand) story.world.clock.advance({ ms: 4_000 });
  });
  const { ended, left } = await endInstanceAccess(slow, onInstance());
  expect(left).toBeGreaterThan(0);
  expect(ended + left).toBe(200);
  await bySweeper();
  expect(await statesOf(many)).toEqual(["revoking"]);
});

test("an invocation that is stopped soon begins nothing after the order", async () => {
  await activeBeside(await story.activeGrant(), 49);
  const limits = { ...administrator().limits, endsAt: story.world.clock.now() };
  expect(await endInstanceAccess({ ...administrator(), limits }, onInstance())).toEqual({
    ended: 0,
    left: 50,
  });
});

test("each grant is looked up once, and the list is read twice, however many there are", async () => {
  const one = await story.activeGrant();
  const read = async (count: number) => {
    await activeBeside(one, count);
    let [lists, lookups] = [0, 0];
    const ctx = sendingThrough(administrator(), (command) => {
      if (command instanceof QueryCommand) lists += 1;
      if (command instanceof BatchGetCommand) lookups += keysOf(command);
    });
    expect((await endInstanceAccess(ctx, onInstance())).left).toBe(0);
    story.world.clock.advance({ ms: 1 });
    return { lists, lookups };
  };
  const few = await read(44);
  expect(few.lookups).toBe(45);
  const many = await read(450);
  expect(many.lookups).toBe(450);
  // Longer lists have more pages.
  expect(many.lists).toBeLessThanOrEqual(2 * few.lists);
});

function keysOf({ input }: BatchGetCommand): number {
  return Object.values(input.RequestItems ?? {}).reduce((sum, { Keys = [] }) => sum + Keys.length, 0);
}

test.each(["transaction-conflict", "throughput-exceeded", "lost-answer"] as const)(
  "the table fails with %s all the while: each grant ends, and once",
  async (fault) => {
    const one = await story.activeGrant();
    const many = [one, ...(await activeBeside(one, 199))];
    const end = await orderInstanceAccessEnd(administrator(), onInstance());
    const { faults } = story.world.table.dynamoDb;
    faults.set([{ fault, operations: ["TransactWriteItems"], probability: 0.8, seed: 7 }]);
    await endWhileAsked(administrator(), end);
    await bySweeper();
    faults.set([]);
    await bySweeper();
    expect(await statesOf(many)).toEqual(["revoking"]);
    const events = (await story.world.events()).filter(({ operation }) => operation === "grant.end");
    expect(events).toHaveLength(200);
  },
);

test("the lists cannot be read after the order: the caller is told that it stands, and it is carried out", async () => {
  const grant = await story.activeGrant();
  const end = await orderInstanceAccessEnd(administrator(), onInstance());
  const blind = sendingThrough(administrator(), (command) => {
    if (command instanceof QueryCommand) throw new Error("the table is away");
  });
  await expect(endWhileAsked(blind, end)).rejects.toMatchObject({ code: "access-end.goes-on" });
  await wholeSweep();
  expect((await story.grant(grant.id)).state).toBe("revoked");
});

test("nothing of others, and nothing on other instances, is touched", async () => {
  const one = await story.activeGrant();
  const instance = { id: newId("instance", story.world.ids), name: "beside" };
  await commitAll(story.world, [
    creatingInstance(story.world, { ...story.registered.instance, ...instance }),
  ]);
  const database = { ...one.database, id: newId("database", story.world.ids), instance };
  const elsewhere = await activeBeside(one, 3, { database });
  const { id, name, email } = story.world.people.auditor;
  const others = await activeBeside(one, 3, { holder: { id, name, email } });
  await orderUserAccessEnd(administrator(), { ...ofPerson(), id: story.world.people.auditor.id });
  await bySweeper();
  expect(await statesOf(others)).toEqual(["revoking"]);
  expect(await statesOf([one, ...elsewhere])).toEqual(["active"]);
  await orderInstanceAccessEnd(administrator(), onInstance());
  await bySweeper();
  expect(await statesOf([one])).toEqual(["revoking"]);
  expect(await statesOf(elsewhere)).toEqual(["active"]);
});

test("what was asked for and approved after the order is new access, also for a person who was suspended and reinstated", async () => {
  await endUserAccess(administrator(), ofPerson());
  await suspendUser(administrator(), ofPerson());
  await reinstateUser(administrator(), { id: ofPerson().id });
  story.world.clock.advance({ ms: 1 });
  const grant = await story.activeGrant();
  await wholeSweep();
  expect((await story.grant(grant.id)).state).toBe("active");
});

test("a grant that no list showed, whose turn had begun before the order, ends as soon as it is shown", async () => {
  const { faults } = story.world.table.dynamoDb;
  faults.set([{ fault: "index-lag", lagMs: 60_000 }]);
  const unseen = await story.activeGrant();
  expect(await endInstanceAccess(administrator(), onInstance())).toEqual({ ended: 0, left: 0 });
  faults.set([]);
  await wholeSweep();
  expect((await story.grant(unseen.id)).state).toBe("revoked");
});

test("an order stays open until a look a while later found nothing, and costs one small query from then on", async () => {
  const grant = await story.activeGrant();
  await endInstanceAccess(administrator(), onInstance());
  await bySweeper();
  expect(await listOpenAccessEnds(story.world, 10)).toMatchObject([
    { reason, orderedBy: { name: "Priya Castell" } },
  ]);
  story.world.clock.advance({ minutes: 2 });
  await bySweeper();
  expect(await listOpenAccessEnds(story.world, 10)).toEqual([]);
  let commands = 0;
  const ctx = sendingThrough(story.ctx(sweeper), () => {
    commands += 1;
  });
  await sweepAccessEnds(ctx, story.world.clock.now());
  expect(commands).toBe(1);
  // It stays known what it was about: a late turn of a grant from before still ends it.
  expect(await findAccessEnd(story.world, onInstance().id)).toMatchObject({ reason });
  await story.turn(grant.id);
  expect((await story.grant(grant.id)).state).toBe("revoked");
});

test("a second pull is an order of its own: the sweeper goes on with the latest, and an older look does not close it", async () => {
  await endInstanceAccess(administrator(), onInstance());
  story.world.clock.advance({ minutes: 2 });
  const grant = await story.activeGrant();
  const again = { ...onInstance(), reason: "they are back" };
  let isPulled = false;
  const meanwhile = sendingThrough(story.ctx(sweeper), () => undefined);
  const client = new Proxy(meanwhile.table.client, {
    get(target, name) {
      if (name !== "send") return Reflect.get(target, name) as unknown;
      return async (command: Parameters<typeof target.send>[0]) => {
        if (!isPulled && command instanceof TransactWriteCommand) {
          isPulled = true;
          await orderInstanceAccessEnd(administrator(), again);
        }
        return target.send(command);
      };
    },
  });
  await sweepAccessEnds({ ...meanwhile, table: { ...meanwhile.table, client } }, story.world.clock.now());
  expect(isPulled).toBe(true);
  expect(await listOpenAccessEnds(story.world, 10)).toMatchObject([{ reason: "they are back" }]);
  const { events } = await story.world.watch(() => wholeSweep());
  expect((await story.grant(grant.id)).state).toBe("revoked");
  expect(events.find(({ operation }) => operation === "grant.end")?.data).toMatchObject({
    reason: "they are back",
  });
});

test("without an order nobody ends anything by it, and who is neither administrator nor sweeper not at all", async () => {
  const { id } = await story.activeGrant();
  const input = { subjectId: onInstance().id, grantIds: [id] };
  await expect(carryOutAccessEnd(story.ctx(sweeper), input)).rejects.toMatchObject({ code: "not-found" });
  await orderInstanceAccessEnd(administrator(), onInstance());
  await isDenied(story.world, () => carryOutAccessEnd(story.ctx("engineer"), input), "access-end.carry-out");
  expect((await story.grant(id)).state).toBe("active");
});

test("of many grants that end together few timers are woken, each once: whoever gets a slot goes on with the others", async () => {
  const one = await story.activeGrant();
  await activeBeside(one, 199);
  const before = story.world.timers.length;
  await endInstanceAccess(administrator(), onInstance());
  const woken = story.world.timers.slice(before).map(({ name }) => name);
  expect(new Set(woken).size).toBe(woken.length);
  expect(woken.length).toBe(5 * 4);
});

test("not one timer can be started: the switch answers as if nothing were, and the sweeper takes the accounts back", async () => {
  const { id } = await story.activeGrant();
  const timers = { start: () => Promise.reject(new Error("too many")) };
  expect(await endInstanceAccess({ ...administrator(), timers }, onInstance())).toEqual({
    ended: 1,
    left: 0,
  });
  await wholeSweep();
  expect((await story.grant(id)).state).toBe("revoked");
});
