import { endGrant } from "@daypass/core/grant/end-grant.ts";
import { countToReview } from "@daypass/core/request/inbox.store.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Person } from "../harness.ts";
import { meanwhile } from "../meanwhile.ts";
import { isDenied, isRefused, leavesOneEvent, oneWins } from "../outcome.ts";
import { anonymous, createStory, type Story } from "../story.ts";

let story: Story;
beforeAll(async () => {
  story = await createStory();
});
afterAll(() => story.world.close());

const end = (id: string, who: Person = "engineer", fields: object = {}) =>
  endGrant(story.ctx(who), { id, ...fields });

describe("an early end", () => {
  test("is now: revoking begins, the timer is woken, and exactly one event says so", async () => {
    const grant = await story.activeGrant();
    const event = await leavesOneEvent(story.world, () =>
      end(grant.id, "engineer", { reason: " done sooner " }),
    );
    expect(event).toMatchObject({
      operation: "grant.end",
      subjectId: grant.id,
      story: grant.story,
      actor: { name: "Erin Vale" },
      database: { name: "shop" },
      data: { state: "revoking", endedBy: "holder", reason: "done sooner" },
    });
    const ended = await story.grant(grant.id);
    expect(ended).toMatchObject({ state: "revoking", endsAt: story.world.clock.now(), endedBy: "holder" });
    expect(story.world.timers.at(-1)).toEqual({ id: grant.id, name: `${grant.id}-${ended.version}` });
    expect(await story.turn(grant.id)).toEqual({ next: "done" });
    expect(await story.grant(grant.id)).toMatchObject({ state: "revoked", endedBy: "holder" });
    expect(story.server.accounts.has(grant.account)).toBe(false);
  });

  test("by an administrator is told apart", async () => {
    const { id } = await story.activeGrant();
    await end(id, "administrator");
    expect(await story.grant(id)).toMatchObject({ endedBy: "administrator" });
  });

  test("is possible before access began, and is still verified", async () => {
    const { id } = await story.plannedGrant();
    await end(id);
    expect(await story.turn(id)).toEqual({ next: "done" });
    const told = (await story.world.events()).filter((event) => event.subjectId === id);
    expect(told.map((event) => event.operation)).toEqual(["grant.end", "grant.finish"]);
  });

  test("takes a waiting extension with it", async () => {
    const grant = await story.activeGrant();
    const extension = await story.extend(grant.id);
    const lead = story.world.actor("lead");
    const waiting = await countToReview(story.world, lead);
    await leavesOneEvent(story.world, () => end(grant.id, "administrator"));
    expect(await story.request(extension.id)).toMatchObject({
      status: "cancelled",
      decidedBy: { name: "Priya Castell" },
    });
    expect(await story.grant(grant.id)).not.toHaveProperty("pendingExtensionId");
    expect(await countToReview(story.world, lead)).toBe(waiting - 1);
  });

  test("never moves the end later: after its end a grant ends when it should have", async () => {
    const own = await createStory();
    const grant = await own.activeGrant();
    own.world.clock.advance({ minutes: 61 });
    await endGrant(own.ctx("engineer"), { id: grant.id });
    expect(await own.grant(grant.id)).toMatchObject({ endsAt: grant.endsAt, state: "revoking" });
    await own.world.close();
  });
});

test("what has ended is not ended again", async () => {
  const { id } = await story.activeGrant();
  await end(id);
  await isRefused(story.world, () => end(id), "grant.already-ended");
  await story.turn(id);
  await isRefused(story.world, () => end(id), "grant.already-ended");
});

test("bad input and unknown grants are refused", async () => {
  const { id } = await story.activeGrant();
  await isRefused(story.world, () => end("all"), "input.invalid");
  await isRefused(story.world, () => end(id, "engineer", { reason: "  " }), "input.invalid");
  await isRefused(story.world, () => end(id, "engineer", { reason: "a\u0000b" }), "input.invalid");
  await isRefused(story.world, () => end(id, "engineer", { endsAt: "2030-01-01" }), "input.invalid");
  await isRefused(story.world, () => end("grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN"), "not-found");
});

test("nobody else may: who may know of it is told so, a stranger finds nothing", async () => {
  const { id } = await story.activeGrant();
  await isDenied(story.world, () => end(id, "lead"), "grant.end");
  await isDenied(story.world, () => end(id, "auditor"), "grant.end");
  await isDenied(story.world, () => end(id, "analyst"), "grant.end", "not-found");
  await isRefused(story.world, () => endGrant(story.ctx(anonymous), { id }), "session.required");
});

test("of two at once one ends it, and the other is told so", async () => {
  const { id } = await story.activeGrant();
  await oneWins(story.world, [() => end(id), () => end(id, "administrator")], "grant.already-ended");
});

test("what somebody moves in that moment ends all the same, with the extension that came in between", async () => {
  const { id } = await story.activeGrant();
  let request: Awaited<ReturnType<typeof story.extend>> | undefined;
  const slow = meanwhile(story.ctx("engineer"), async () => {
    request = await story.extend(id);
  });
  expect(await endGrant(slow, { id })).toMatchObject({ state: "revoking", endedBy: "holder" });
  if (!request) throw new Error("nothing came in between");
  expect((await story.request(request.id)).status).toBe("cancelled");
  const extended = await story.activeGrant();
  const waiting = await story.extend(extended.id);
  const later = meanwhile(story.ctx("engineer"), () => story.approve(waiting.id));
  expect(await endGrant(later, { id: extended.id })).toMatchObject({ state: "revoking" });
  expect((await story.request(waiting.id)).status).toBe("approved");
});
