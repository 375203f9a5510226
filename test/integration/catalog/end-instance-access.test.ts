import { endInstanceAccess, orderInstanceAccessEnd } from "@daypass/core/catalog/end-instance-access.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isDenied, isRefused, leavesOneEvent } from "../outcome.ts";
import { createStory, type Story } from "../story.ts";

let story: Story;
beforeEach(async () => {
  story = await createStory();
});
afterEach(() => story.world.close());

const input = () => ({ id: story.registered.instance.id, reason: "the server was broken into" });
const endAll = (ctx = story.ctx("administrator")) => endInstanceAccess(ctx, input());

test("everything that anybody holds on an instance ends now, whoever holds it and however far it is", async () => {
  const active = await story.activeGrant();
  const planned = await story.plannedGrant();
  const { grantId = active.id } = await story.ask({ durationMinutes: 20 }, "auditor");
  const { events } = await story.world.watch(async () => {
    expect(await endAll()).toEqual({ ended: 3, left: 0 });
  });
  expect(events.map(({ operation }) => operation).toSorted()).toEqual([
    "access-end.carry-out",
    "grant.end",
    "grant.end",
    "grant.end",
    "instance.end-access",
  ]);
  for (const id of [active.id, planned.id, grantId]) {
    await story.turn(id);
    expect((await story.grant(id)).state).toBe("revoked");
  }
  expect(story.server.accounts.size).toBe(0);
});

test("an instance with nothing lent has nothing lent after it, and one event says who asked", async () => {
  const event = await leavesOneEvent(story.world, endAll);
  expect(event).toMatchObject({
    operation: "instance.end-access",
    subjectId: story.registered.instance.id,
    data: { name: "shop-production", reason: "the server was broken into" },
  });
});

test("a grant that was planned before the moment, but is on no list yet, comes to nothing on its first turn", async () => {
  const { faults } = story.world.table.dynamoDb;
  faults.set([{ fault: "index-lag", lagMs: 60_000 }]);
  const unseen = await story.plannedGrant();
  expect(await endAll()).toEqual({ ended: 0, left: 0 });
  faults.set([]);
  await story.turn(unseen.id);
  expect(await story.grant(unseen.id)).toMatchObject({ state: "revoked", endedBy: "administrator" });
});

test("bad input is refused", async () => {
  const ctx = story.ctx("administrator");
  await isRefused(story.world, () => endInstanceAccess(ctx, { ...input(), reason: "x" }), "input.invalid");
});

test("who is no administrator may not, and that is recorded", async () => {
  for (const who of ["engineer", "auditor"] as const) {
    await isDenied(story.world, () => endAll(story.ctx(who)), "instance.end-access");
  }
});

test("the order alone ends nothing yet, and no grant that was planned before it lasts", async () => {
  const planned = await story.plannedGrant();
  await leavesOneEvent(story.world, () => orderInstanceAccessEnd(story.ctx("administrator"), input()));
  expect((await story.grant(planned.id)).state).toBe("planned");
  const { events } = await story.world.watch(() => story.turn(planned.id));
  expect(events.find(({ operation }) => operation === "grant.begin-revocation")?.data).toMatchObject({
    reason: "the server was broken into",
    orderedBy: "Priya Castell",
  });
  expect(await story.grant(planned.id)).toMatchObject({ state: "revoked", endedBy: "administrator" });
  expect(story.server.accounts.size).toBe(0);
});
