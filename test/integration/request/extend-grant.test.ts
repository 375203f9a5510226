import { armGrant } from "@daypass/core/grant/arm-grant.ts";
import { endGrant } from "@daypass/core/grant/end-grant.ts";
import { plusMinutes } from "@daypass/core/kernel/clock.ts";
import type { Id } from "@daypass/core/kernel/ids.ts";
import { extendGrant } from "@daypass/core/request/extend-grant.ts";
import { reviewRequest } from "@daypass/core/request/review-request.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { meanwhile } from "../meanwhile.ts";
import { isDenied, isRefused, leavesOneEvent, oneWins } from "../outcome.ts";
import { createStory, type Story, workflow } from "../story.ts";

let story: Story;
beforeAll(async () => {
  story = await createStory();
});
afterAll(() => story.world.close());

/** An auditor's, approved by itself: 1 h at once, 2 h in all. */
const automaticGrant = async (durationMinutes = 60) => {
  const { grantId } = await story.ask({ durationMinutes }, "auditor");
  if (!grantId) throw new Error("not approved");
  await story.turn(grantId);
  return story.grant(grantId);
};

describe("an extension", () => {
  test("without approval steps moves the end at once and wakes the timer; account and credential stay", async () => {
    const grant = await automaticGrant();
    const event = await leavesOneEvent(story.world, () => story.extend(grant.id, 30, "auditor"));
    const later = await story.grant(grant.id);
    const { endsAt = grant.createdAt } = grant;
    expect(later).toEqual({ ...grant, endsAt: plusMinutes(endsAt, 30), version: grant.version + 1 });
    expect(later.databaseEndsAt).toBe(grant.endsAt);
    expect(story.world.timers.at(-1)).toEqual({ id: grant.id, name: `${grant.id}-${later.version}` });
    expect(event).toMatchObject({
      operation: "grant.extend",
      subjectId: grant.id,
      story: grant.story,
      actor: { name: "Oscar Brandt" },
      database: { name: "shop" },
      data: { status: "approved", durationMinutes: 30, reason: "not done yet" },
    });
  });

  test("with approval steps waits for them, and the end moves with the last one", async () => {
    const grant = await story.activeGrant();
    const request = await story.extend(grant.id, 45);
    expect(request).toMatchObject({
      kind: "extension",
      status: "pending",
      story: grant.story,
      extendsGrantId: grant.id,
      lapsesAt: grant.endsAt,
      steps: [{ groups: ["leads", "administrators"] }],
    });
    expect(await story.grant(grant.id)).toMatchObject({
      endsAt: grant.endsAt,
      pendingExtensionId: request.id,
    });
    const event = await leavesOneEvent(story.world, () => story.approve(request.id));
    expect(event).toMatchObject({ operation: "request.review", subjectId: request.id, story: grant.story });
    const later = await story.grant(grant.id);
    expect(later).toMatchObject({ endsAt: plusMinutes(grant.endsAt ?? grant.createdAt, 45) });
    expect(later).not.toHaveProperty("pendingExtensionId");
    expect(story.world.timers.at(-1)).toEqual({ id: grant.id, name: `${grant.id}-${later.version}` });
  });

  test("may be shortened by the approver", async () => {
    const grant = await story.activeGrant();
    const { id } = await story.extend(grant.id, 60);
    await reviewRequest(story.ctx("lead"), { id, decision: "approve", durationMinutes: 10 });
    expect((await story.grant(grant.id)).endsAt).toBe(plusMinutes(grant.endsAt ?? grant.createdAt, 10));
  });

  test("that is rejected leaves the end, and another may be asked for", async () => {
    const grant = await story.activeGrant();
    const { id } = await story.extend(grant.id);
    await reviewRequest(story.ctx("lead"), { id, decision: "reject", comment: "enough" });
    const after = await story.grant(grant.id);
    expect(after.endsAt).toBe(grant.endsAt);
    expect(after).not.toHaveProperty("pendingExtensionId");
    await story.extend(grant.id);
  });

  test("of somebody who may not decide on their own is not decided by them", async () => {
    const grant = await story.activeGrant();
    const { id } = await story.extend(grant.id);
    const self = story.as("engineer", ["engineers", "leads"]);
    const run = () => story.approve(id, self);
    await isDenied(story.world, run, "request.review", "approval.own-request");
  });
});

describe("refused", () => {
  test("a second one while the first waits", async () => {
    const grant = await story.activeGrant();
    const { id } = await story.extend(grant.id);
    await isRefused(story.world, () => story.extend(grant.id), "grant.extension-pending");
    await expect(story.extend(grant.id)).rejects.toMatchObject({ details: { requestId: id } });
  });

  test("over what policy leaves in all, counted from the start of access", async () => {
    const grant = await automaticGrant();
    await story.extend(grant.id, 60, "auditor");
    const run = () => story.extend(grant.id, 1, "auditor");
    await isDenied(story.world, run, "grant.extend", "request.refused");
    await expect(run()).rejects.toMatchObject({ details: { policyCode: "policy.total-too-long" } });
  });

  test("longer at once than policy lets one extension be", async () => {
    const grant = await story.activeGrant();
    await isDenied(story.world, () => story.extend(grant.id, 241), "grant.extend", "request.refused");
  });

  test("once policy gives it no longer, although the grant still runs", async () => {
    const grant = await story.activeGrant();
    const moved = story.as("engineer", ["sales"]);
    const run = () => story.extend(grant.id, 30, moved);
    await isDenied(story.world, run, "grant.extend", "request.refused");
  });

  test("before access began, and after it ended", async () => {
    const planned = await story.plannedGrant();
    await isRefused(story.world, () => story.extend(planned.id), "grant.not-active");
    const ended = await story.activeGrant();
    await endGrant(story.ctx("engineer"), { id: ended.id });
    await isRefused(story.world, () => story.extend(ended.id), "grant.not-active");
    const own = await createStory();
    const over = await own.activeGrant();
    own.world.clock.advance({ minutes: 60 });
    await isRefused(own.world, () => own.extend(over.id), "grant.not-active");
    await own.world.close();
  });

  test("an approval that comes after the end extends nothing", async () => {
    const own = await createStory();
    const grant = await own.activeGrant();
    const { id } = await own.extend(grant.id);
    own.world.clock.advance({ minutes: 60 });
    await isRefused(own.world, () => own.approve(id), "request.lapsed");
    await own.world.close();
  });

  test("bad input", async () => {
    const { id } = await story.activeGrant();
    for (const fields of [
      { durationMinutes: 0 },
      { durationMinutes: -30 },
      { reason: "   " },
      { endsAt: "2030-01-01T00:00:00.000Z" },
      { level: "ddl" },
    ]) {
      const input = { id, durationMinutes: 30, reason: "not done yet", ...fields };
      await isRefused(story.world, () => extendGrant(story.ctx("engineer"), input), "input.invalid");
    }
    const unknown = "grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN" as Id<"grant">;
    await isRefused(story.world, () => story.extend(unknown), "not-found");
  });

  test("to anybody but the holder: who may know of it is told so, a stranger finds nothing", async () => {
    const { id } = await story.activeGrant();
    for (const who of ["lead", "administrator", "auditor"] as const) {
      await isDenied(story.world, () => story.extend(id, 30, who), "grant.extend");
    }
    await isDenied(story.world, () => story.extend(id, 30, "analyst"), "grant.extend", "not-found");
  });
});

describe("at the same time", () => {
  test("of two extensions one is filed", async () => {
    const grant = await story.activeGrant();
    await oneWins(story.world, [() => story.extend(grant.id), () => story.extend(grant.id)], "grant.changed");
  });

  test("an early end wins over the approval of an extension", async () => {
    const grant = await story.activeGrant();
    const { id } = await story.extend(grant.id);
    const slow = meanwhile(story.ctx("lead"), () => endGrant(story.ctx("engineer"), { id: grant.id }));
    await expect(reviewRequest(slow, { id, decision: "approve" })).rejects.toMatchObject({
      code: "request.already-decided",
      details: { status: "cancelled", decidedBy: { name: "Erin Vale" } },
    });
    expect(await story.grant(grant.id)).toMatchObject({ state: "revoking" });
  });

  test("the database is told of the end that is on record, not of the one before", async () => {
    const grant = await automaticGrant(30);
    await story.extend(grant.id, 20, "auditor");
    const looked = await story.grant(grant.id);
    const slow = meanwhile(story.ctx(workflow), () => story.extend(grant.id, 20, "auditor"));
    const late = armGrant(slow, { id: grant.id, version: looked.version });
    await expect(late).rejects.toMatchObject({ code: "grant.changed" });
    expect(await story.grant(grant.id)).toMatchObject({ databaseEndsAt: grant.endsAt });
  });
});
