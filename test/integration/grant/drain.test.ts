import { advanceGrant } from "@daypass/core/grant/advance-grant.ts";
import { endGrant } from "@daypass/core/grant/end-grant.ts";
import type { Grant } from "@daypass/core/grant/grant.ts";
import { freeSlot, takeSlot } from "@daypass/core/grant/slot.store.ts";
import type { Errand, Slot } from "@daypass/core/grant/slot.ts";
import { epochMs, plusMs } from "@daypass/core/kernel/clock.ts";
import type { Id } from "@daypass/core/kernel/ids.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createStory, type Story } from "../story.ts";

let story: Story;
beforeEach(async () => {
  story = await createStory();
});
afterEach(() => story.world.close());

async function activeGrants(count: number): Promise<Grant[]> {
  const made: Grant[] = [];
  for (let index = 0; index < count; index += 1) made.push(await story.activeGrant());
  return made;
}

const statesOf = async (grants: readonly Grant[]) =>
  Map.groupBy(await Promise.all(grants.map(({ id }) => story.grant(id))), ({ state }) => state);

/** Somebody else's turn that is under way on the server. */
async function holdSlots(errand: Errand, count: number): Promise<Slot[]> {
  const until = plusMs(story.world.clock.now(), 110_000);
  const held: Slot[] = [];
  for (let taken = 0; taken < count; taken += 1) {
    const slot = await takeSlot(
      story.world.ctx("engineer"),
      story.registered.instance.id,
      { errand, until },
      4,
    );
    if (slot) held.push(slot);
  }
  return held;
}

describe("a turn that took an account back", () => {
  test("goes on with all that are due on the server, on one visit, each with the events of its own story", async () => {
    const grants = await activeGrants(25);
    const [first] = grants;
    story.world.clock.advance({ minutes: 60 });
    const opened = story.server.mostServers;
    const { events } = await story.world.watch(() => story.turn(first?.id as Id<"grant">));
    expect((await statesOf(grants)).get("revoked")).toHaveLength(25);
    expect(story.server.accounts.size).toBe(0);
    expect(story.server.mostServers).toBe(opened);
    expect(story.server.openServers).toBe(0);
    for (const { id } of grants) {
      const own = events.filter((event) => event.subjectId === id).map(({ operation }) => operation);
      expect(own).toEqual(["grant.begin-revocation", "grant.finish"]);
    }
  });

  test("leaves those alone whose end has not come", async () => {
    const grants = await activeGrants(3);
    const [first, second] = grants;
    story.world.clock.advance({ minutes: 30 });
    const later = await story.activeGrant();
    story.world.clock.advance({ minutes: 30 });
    await story.turn(first?.id as Id<"grant">);
    expect((await story.grant(second?.id as Id<"grant">)).state).toBe("revoked");
    expect((await story.grant(later.id)).state).toBe("active");
    expect(story.server.opens(later.account)).toBe(true);
  });

  test("takes what somebody ended early before the queue of those that the database refuses by itself", async () => {
    const grants = await activeGrants(30);
    story.world.clock.advance({ minutes: 59 });
    const early = await story.activeGrant();
    story.world.clock.advance({ minutes: 1 });
    await endGrant(story.ctx("engineer"), { id: early.id });
    const { events } = await story.world.watch(() => story.turn(grants.at(-1)?.id as Id<"grant">));
    const finished = events.filter(({ operation }) => operation === "grant.finish");
    expect(finished.findIndex(({ subjectId }) => subjectId === early.id)).toBe(1);
  });

  test("stops at the first that finds the server away: one attempt is counted, the others are not touched", async () => {
    const grants = await activeGrants(10);
    story.world.clock.advance({ minutes: 60 });
    story.server.isUp = false;
    expect(await story.turn(grants[0]?.id as Id<"grant">)).toMatchObject({
      next: "wait",
      because: "unreachable",
    });
    expect((await statesOf(grants)).get("active")).toHaveLength(9);
    story.server.isUp = true;
    expect(await story.turn(grants[1]?.id as Id<"grant">)).toEqual({ next: "done" });
    expect((await statesOf(grants)).get("revoked")).toHaveLength(9);
  });

  test("stops after three refusals in a row", async () => {
    const grants = await activeGrants(10);
    story.world.clock.advance({ minutes: 60 });
    story.server.faults.push(undefined, "quarantine", "quarantine", "quarantine");
    await story.turn(grants[0]?.id as Id<"grant">);
    const states = await statesOf(grants);
    expect(states.get("quarantined")).toHaveLength(3);
    expect(states.get("active")).toHaveLength(6);
  });

  test("begins nothing for which Lambda may not leave it the time", async () => {
    const grants = await activeGrants(3);
    story.world.clock.advance({ minutes: 60 });
    const ctx = story.server.broker();
    const limits = { ...ctx.limits, endsAt: plusMs(story.world.clock.now(), 40_000) };
    expect(await advanceGrant({ ...ctx, limits }, grants[0]?.id as Id<"grant">)).toEqual({ next: "done" });
    expect((await statesOf(grants)).get("active")).toHaveLength(2);
  });
});

describe("slots", () => {
  test("without one nothing is tried, counted or recorded", async () => {
    const [grant] = await activeGrants(1);
    if (!grant) throw new Error("there is none");
    const held = await holdSlots("revoke", 3);
    story.world.clock.advance({ minutes: 60 });
    const still = await holdSlots("revoke", 3);
    expect(held).toHaveLength(3);
    const { events } = await story.world.watch(async () => {
      expect(await story.turn(grant.id)).toMatchObject({ next: "wait", because: "no-slot" });
    });
    expect(events).toEqual([]);
    expect(await story.grant(grant.id)).toEqual(grant);
    for (const slot of still) {
      await freeSlot(story.world.ctx("engineer"), story.registered.instance.id, slot);
    }
    expect(await story.turn(grant.id)).toEqual({ next: "done" });
  });

  test("the longer a grant has waited for one, the later it looks again, up to a few minutes", async () => {
    const [grant] = await activeGrants(1);
    if (!grant) throw new Error("there is none");
    story.world.clock.advance({ minutes: 60 });
    const waits: number[] = [];
    for (const minutes of [0, 0.5, 0.5, 4, 60]) {
      const now = story.world.clock.advance({ minutes });
      const held = await holdSlots("revoke", 3);
      const turn = await story.turn(grant.id);
      if (turn.next !== "wait") throw new Error("it did not wait");
      waits.push((epochMs(turn.until) - epochMs(now)) / 1000);
      for (const slot of held)
        await freeSlot(story.world.ctx("engineer"), story.registered.instance.id, slot);
    }
    expect(waits).toEqual([80, 95, 110, 200, 200]);
  });

  test("what somebody ended early looks again within half a minute: a holder that has to stop finds somebody to go on", async () => {
    const [grant] = await activeGrants(1);
    if (!grant) throw new Error("there is none");
    await endGrant(story.ctx("engineer"), { id: grant.id });
    for (const minutes of [0, 1, 60]) {
      const now = story.world.clock.advance({ minutes });
      await holdSlots("revoke", 3);
      const turn = await story.turn(grant.id);
      if (turn.next !== "wait") throw new Error("it did not wait");
      expect(epochMs(turn.until) - epochMs(now)).toBeLessThanOrEqual(30_000);
    }
  });

  test("of a broker that crashed frees itself once the broker has certainly been stopped", async () => {
    const [grant] = await activeGrants(1);
    if (!grant) throw new Error("there is none");
    story.world.clock.advance({ minutes: 60 });
    expect(await holdSlots("revoke", 3)).toHaveLength(3);
    story.world.clock.advance({ ms: 109_999 });
    expect(await story.turn(grant.id)).toMatchObject({ because: "no-slot" });
    story.world.clock.advance({ ms: 1 });
    expect(await story.turn(grant.id)).toEqual({ next: "done" });
  });

  test("are left to provisioning while revocations hold all of theirs, and the other way round", async () => {
    const ending = await story.activeGrant();
    const planned = await story.plannedGrant();
    expect(await holdSlots("revoke", 5)).toHaveLength(3);
    await story.turn(planned.id);
    expect((await story.grant(planned.id)).state).toBe("active");
    story.world.clock.advance({ minutes: 60 });
    expect(await holdSlots("other", 5)).toHaveLength(2);
    expect(await story.turn(ending.id)).toEqual({ next: "done" });
  });

  test("hold under any number of brokers at once: all is taken back, once each, by at most as many as there are", async () => {
    const grants = await activeGrants(40);
    story.world.clock.advance({ minutes: 60 });
    const { events } = await story.world.watch(async () => {
      for (let left = 40; left > 0; left = 40 - ((await statesOf(grants)).get("revoked")?.length ?? 0)) {
        story.world.clock.advance({ ms: 1000 });
        await Promise.all(grants.map(({ id }) => story.turn(id)));
      }
    });
    expect(story.server.mostServers).toBeLessThanOrEqual(4);
    expect(story.server.openServers).toBe(0);
    const finished = events.filter(({ operation }) => operation === "grant.finish");
    expect(finished).toHaveLength(40);
    expect(new Set(finished.map(({ subjectId }) => subjectId)).size).toBe(40);
    expect(events.filter(({ outcome }) => outcome === "failed")).toEqual([]);
  });
});
