import { listStory } from "@daypass/core/audit/event.reads.ts";
import { searchEvents } from "@daypass/core/audit/search-events.ts";
import { deleteInstance } from "@daypass/core/catalog/delete-instance.ts";
import { endInstanceAccess, orderInstanceAccessEnd } from "@daypass/core/catalog/end-instance-access.ts";
import { creatingInstance } from "@daypass/core/catalog/instance.store.ts";
import { countLiveGrantsOf } from "@daypass/core/catalog/live-grants.ts";
import { listOpenAccessEnds } from "@daypass/core/grant/access-end.store.ts";
import { advanceGrant } from "@daypass/core/grant/advance-grant.ts";
import { planningGrant } from "@daypass/core/grant/grant.store.ts";
import type { Grant } from "@daypass/core/grant/grant.ts";
import { sweepAccessEnds } from "@daypass/core/grant/sweep-access-ends.ts";
import { endUserAccess, orderUserAccessEnd } from "@daypass/core/identity/end-user-access.ts";
import { idFrom, newId, ulidOf } from "@daypass/core/kernel/ids.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import { listMyRequests } from "@daypass/core/request/list-requests.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { comparisonOf } from "../reconciliation/comparison.ts";
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
const faults = () => story.world.table.dynamoDb.faults;
const statesOf = async (grants: readonly Grant[]) => {
  const states = await Promise.all(grants.map(async ({ id }) => (await story.grant(id)).state));
  return [...new Set(states)].toSorted();
};

describe("a kill switch while batch reads are answered in part", () => {
  test.each([
    ["an instance", onInstance, endInstanceAccess],
    ["a person", ofPerson, endUserAccess],
  ] as const)("ends all access of %s", async (_what, input, end) => {
    const many = await active(40);
    faults().set([{ fault: "unprocessed-keys", share: 0.5, seed: 7 }]);
    expect(await end(administrator(), input() as never)).toEqual({ ended: 40, left: 0 });
    expect(await statesOf(many)).toEqual(["revoking"]);
  });

  test("says what is left, and keeps its order open for as long as any is unread", async () => {
    const many = await active(40);
    faults().set([{ fault: "unprocessed-keys" }]);
    expect(await endInstanceAccess(administrator(), onInstance())).toEqual({ ended: 0, left: 40 });
    story.world.clock.advance({ minutes: 2 });
    await sweepAccessEnds(story.ctx(sweeper), story.world.clock.now());
    expect(await listOpenAccessEnds(story.world, 10)).toMatchObject([{ reason }]);
    expect(await statesOf(many)).toEqual(["active"]);
    faults().set([]);
    await sweepAccessEnds(story.ctx(sweeper), story.world.clock.now());
    expect(await statesOf(many)).toEqual(["revoking"]);
    expect(await listOpenAccessEnds(story.world, 10)).toEqual([]);
  });

  test.each([0.5, 1])("is found by a turn that was on its way (share of keys unread: %f)", async (share) => {
    const grant = await story.plannedGrant();
    await orderInstanceAccessEnd(administrator(), onInstance());
    faults().set([{ fault: "unprocessed-keys", share, seed: 3 }]);
    // It may fail and be tried again; it may not become access.
    await advanceGrant(story.server.broker(), grant.id).catch(() => undefined);
    expect(story.server.opens(grant.account)).toBe(false);
    expect((await story.grant(grant.id)).state).not.toBe("active");
  });
});

describe("a comparison while batch reads are answered in part", () => {
  test.each([0.3, 0.5, 0.8])("takes no running account for unknown (share %f)", async (share) => {
    const comparison = comparisonOf(story);
    const grants = [await story.activeGrant(), await story.activeGrant(), await story.activeGrant()];
    const stray = comparison.stray();
    for (let seed = 1; seed <= 8; seed += 1) {
      faults().set([{ fault: "unprocessed-keys", share, seed, times: 40 }]);
      await comparison.run();
      for (const { account } of grants) expect(story.server.opens(account), `seed ${seed}`).toBe(true);
    }
    // What really is unknown is still closed.
    expect(story.server.opens(stray)).toBe(false);
    expect(await comparison.found()).toEqual([["unknown", "quarantined"]]);
  });

  test("is recorded as failed, with nothing touched, while the ledger cannot be read", async () => {
    const comparison = comparisonOf(story);
    const grant = await story.activeGrant();
    faults().set([{ fault: "unprocessed-keys" }]);
    await comparison.run();
    expect(await comparison.last()).toMatchObject({ status: "failed" });
    expect(story.server.opens(grant.account)).toBe(true);
  });
});

describe("lists while batch reads are answered in part", () => {
  test("are whole, or unavailable", async () => {
    const requests = [await story.ask(), await story.ask(), await story.ask(), await story.ask()];
    faults().set([{ fault: "unprocessed-keys", share: 0.6, seed: 5 }]);
    const page = await listMyRequests(story.ctx("lead"), { view: "to-review", limit: 50 });
    expect(page.items.map(({ id }) => id)).toEqual(requests.map(({ id }) => id));
    faults().set([{ fault: "unprocessed-keys" }]);
    await expect(listMyRequests(story.ctx("lead"), { view: "to-review", limit: 50 })).rejects.toMatchObject({
      kind: "unavailable",
    });
  });
});

describe("while every page ends after one item", () => {
  beforeEach(() => faults().set([{ fault: "short-pages", items: 1 }]));

  test("an inbox of several groups is whole: no request is skipped between its pages", async () => {
    const requests = [];
    for (let made = 0; made < 5; made += 1) requests.push((await story.ask()).id);
    // Each waits for leads; the reader is one, and in groups for which nothing waits.
    const reader = story.as("lead", ["leads", "engineers", "security"]);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listMyRequests(story.ctx(reader), { view: "to-review", limit: 2, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(requests);
  });

  test("live grants are counted, and those of an instance end, to the last", async () => {
    const many = await active(6);
    const { database, instance } = story.registered;
    expect((await countLiveGrantsOf(story.world, [database.id])).get(database.id)).toBe(6);
    await expect(deleteInstance(administrator(), { id: instance.id, version: 1 })).rejects.toMatchObject({
      details: { liveGrantCount: 6 },
    });
    expect(await endInstanceAccess(administrator(), onInstance())).toEqual({ ended: 6, left: 0 });
    expect(await statesOf(many)).toEqual(["revoking"]);
  });

  test("the sweeper goes on with every open order", async () => {
    const other = await elsewhere();
    await orderInstanceAccessEnd(administrator(), onInstance());
    await orderUserAccessEnd(administrator(), { ...ofPerson(), id: story.world.people.analyst.id });
    await orderInstanceAccessEnd(administrator(), { ...onInstance(), id: other });
    story.world.clock.advance({ minutes: 2 });
    await sweepAccessEnds(story.ctx(sweeper), story.world.clock.now());
    expect(await listOpenAccessEnds(story.world, 10)).toEqual([]);
  });

  test("the story of a request leaves nothing out", async () => {
    const grant = await story.activeGrant();
    const events = await listStory(story.world, grant.story);
    faults().set([]);
    expect(events).toEqual(await listStory(story.world, grant.story));
    expect(events.length).toBeGreaterThan(3);
  });

  test("a search of the audit trail finds all, and ends", async () => {
    await story.activeGrant();
    const search = () => searchEvents(story.ctx("auditor"), { q: "a", limit: 20 });
    const found = await search();
    faults().set([]);
    expect(found).toEqual(await search());
    expect(found.items.length).toBeGreaterThan(2);
  });
});

async function elsewhere() {
  const id = newId("instance", story.world.ids);
  await commitAll(story.world, [
    creatingInstance(story.world, { ...story.registered.instance, id, name: "beside" }),
  ]);
  return id;
}

/** As many active grants, whose ends are hours away. */
async function active(count: number): Promise<Grant[]> {
  const grant = await story.activeGrant();
  const many = Array.from({ length: count - 1 }, () => {
    const id = newId("grant", story.world.ids);
    const of = { id, story: ulidOf(id), requestId: idFrom("request", ulidOf(id)), version: 1 };
    return { ...grant, ...of, account: `dp_${ulidOf(id).toLowerCase()}` };
  });
  await commitAll(
    story.world,
    many.map((one) => planningGrant(story.world, one)),
  );
  return [grant, ...many];
}
