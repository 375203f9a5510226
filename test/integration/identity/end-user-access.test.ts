import { carryOutAccessEnd } from "@daypass/core/grant/carry-out-access-end.ts";
import { endGrant } from "@daypass/core/grant/end-grant.ts";
import { endUserAccess, orderUserAccessEnd } from "@daypass/core/identity/end-user-access.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { meanwhile } from "../meanwhile.ts";
import { isDenied, isRefused, leavesOneEvent } from "../outcome.ts";
import { createStory, type Story } from "../story.ts";

let story: Story;
beforeEach(async () => {
  story = await createStory();
});
afterEach(() => story.world.close());

const reason = "the laptop was stolen";
const input = () => ({ id: story.world.people.engineer.id, reason });
const endAll = (ctx = story.ctx("administrator")) => endUserAccess(ctx, input());

test("everything that a person holds ends now, each grant with an event in its own story, and is taken back at once", async () => {
  const active = await story.activeGrant();
  const planned = await story.plannedGrant();
  const timers = story.world.timers.length;
  const { events } = await story.world.watch(async () => {
    expect(await endAll()).toEqual({ ended: 2, left: 0 });
  });
  expect(events.map(({ operation }) => operation).toSorted()).toEqual([
    "access-end.carry-out",
    "grant.end",
    "grant.end",
    "user.end-access",
  ]);
  expect(events.find(({ operation }) => operation === "user.end-access")).toMatchObject({
    actor: { name: "Priya Castell" },
    data: { name: "Erin Vale", reason },
  });
  expect(events.find(({ operation }) => operation === "access-end.carry-out")).toMatchObject({
    subjectId: story.world.people.engineer.id,
    data: { reason, ended: expect.arrayContaining([active.id, planned.id]) as unknown },
  });
  for (const { id, story: told } of [active, planned]) {
    expect(events.find(({ subjectId }) => subjectId === id)).toMatchObject({
      story: told,
      data: { endedBy: "administrator", reason, orderedBy: "Priya Castell" },
    });
    expect(await story.grant(id)).toMatchObject({ state: "revoking", endsAt: story.world.clock.now() });
  }
  for (const { id } of [active, planned]) {
    await story.turn(id);
    expect((await story.grant(id)).state).toBe("revoked");
  }
  expect(story.world.timers.length - timers).toBe(2);
  expect(story.server.accounts.size).toBe(0);
});

test("more than a transaction takes is ended in several, each with its event", async () => {
  for (let count = 0; count < 48; count += 1) await story.plannedGrant();
  const { events } = await story.world.watch(async () => {
    expect(await endAll()).toEqual({ ended: 48, left: 0 });
  });
  expect(events.filter(({ operation }) => operation === "user.end-access")).toHaveLength(1);
  expect(events.filter(({ operation }) => operation === "access-end.carry-out")).toHaveLength(2);
  expect(events.filter(({ operation }) => operation === "grant.end")).toHaveLength(48);
});

test("who holds nothing holds nothing after it, and the one event says that it was asked for", async () => {
  const event = await leavesOneEvent(story.world, endAll);
  expect(event).toMatchObject({ operation: "user.end-access", data: { reason } });
});

test("the access of others goes on, and what the person ended before keeps its story", async () => {
  const own = await story.activeGrant();
  await endGrant(story.ctx("engineer"), { id: own.id });
  const { grantId = own.id } = await story.ask({ durationMinutes: 20 }, "auditor");
  await story.turn(grantId);
  expect(await endAll()).toEqual({ ended: 0, left: 0 });
  expect(await story.grant(own.id)).toMatchObject({ endedBy: "holder" });
  expect((await story.grant(grantId)).state).toBe("active");
});

test("a grant that was planned before the moment, but is on no list yet, comes to nothing on its first turn", async () => {
  // As when the index lags.
  const { faults } = story.world.table.dynamoDb;
  faults.set([{ fault: "index-lag", lagMs: 60_000 }]);
  const unseen = await story.plannedGrant();
  expect(await endAll()).toEqual({ ended: 0, left: 0 });
  faults.set([]);
  expect((await story.grant(unseen.id)).state).toBe("planned");
  await story.turn(unseen.id);
  expect(await story.grant(unseen.id)).toMatchObject({ state: "revoked", endedBy: "administrator" });
  expect(story.server.accounts.size).toBe(0);
});

test("what is approved after it is new access", async () => {
  await endAll();
  story.world.clock.advance({ ms: 1 });
  const grant = await story.activeGrant();
  expect(grant.state).toBe("active");
});

test("requests that wait go on waiting for their approval", async () => {
  const { id } = await story.ask();
  await endAll();
  expect((await story.request(id)).status).toBe("pending");
});

test("bad input is refused: a kill switch without a reason too", async () => {
  const ctx = story.ctx("administrator");
  await isRefused(story.world, () => endUserAccess(ctx, { ...input(), reason: " " }), "input.invalid");
  await isRefused(story.world, () => endUserAccess(ctx, { ...input(), all: true } as never), "input.invalid");
});

test("who is no administrator may not, and that is recorded", async () => {
  for (const who of ["engineer", "lead", "auditor"] as const) {
    await isDenied(story.world, () => endAll(story.ctx(who)), "user.end-access");
  }
});

test("a grant that moves in that moment does not keep the others: it is tried again until none is left", async () => {
  const grant = await story.plannedGrant();
  await story.plannedGrant();
  const quicker = meanwhile(story.ctx("administrator"), () => story.turn(grant.id));
  expect(await endAll(quicker)).toEqual({ ended: 2, left: 0 });
  expect((await story.grant(grant.id)).state).toBe("revoking");
});

test("a grant that ends itself in that moment was ended by its holder, and only the others by the switch", async () => {
  const own = await story.activeGrant();
  const other = await story.activeGrant();
  const ctx = story.ctx("administrator");
  await orderUserAccessEnd(ctx, input());
  const quicker = meanwhile(ctx, () => endGrant(story.ctx("engineer"), { id: own.id }));
  const carryOut = () => carryOutAccessEnd(quicker, { subjectId: input().id, grantIds: [own.id, other.id] });
  const { error, events } = await story.world.watch(carryOut);
  expect(error).toMatchObject({ code: "grant.changed" });
  expect(events.map(({ operation }) => operation)).toEqual(["grant.end"]);
  expect((await carryOut()).map(({ id }) => id)).toEqual([other.id]);
  expect(await story.grant(own.id)).toMatchObject({ endedBy: "holder" });
});
