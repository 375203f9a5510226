import type { Id } from "@daypass/core/kernel/ids.ts";
import { cancelRequest } from "@daypass/core/request/cancel-request.ts";
import { countToReview } from "@daypass/core/request/inbox.store.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Person } from "../harness.ts";
import { meanwhile } from "../meanwhile.ts";
import { isDenied, isRefused, leavesOneEvent, oneWins } from "../outcome.ts";
import { createStory, type Story } from "../story.ts";

let story: Story;
beforeAll(async () => {
  story = await createStory();
});
afterAll(() => story.world.close());

const cancel = (id: string, who: Person = "engineer") => cancelRequest(story.ctx(who), { id });

test("the requester takes it back: it leaves the inbox, and exactly one event says so", async () => {
  const { id } = await story.ask();
  const lead = story.world.actor("lead");
  const waiting = await countToReview(story.world, lead);
  const event = await leavesOneEvent(story.world, () => cancel(id));
  expect(event).toMatchObject({
    operation: "request.cancel",
    subjectId: id,
    story: id.slice(4),
    actor: { name: "Erin Vale" },
    database: { name: "shop" },
    data: { status: "cancelled" },
  });
  expect(await story.request(id)).toMatchObject({
    status: "cancelled",
    decidedBy: { name: "Erin Vale" },
    decidedAt: story.world.clock.now(),
  });
  expect(await countToReview(story.world, lead)).toBe(waiting - 1);
});

test("an extension that is cancelled may be asked for again", async () => {
  const grant = await story.activeGrant();
  const extension = await story.extend(grant.id);
  await cancel(extension.id);
  expect(await story.grant(grant.id)).not.toHaveProperty("pendingExtensionId");
  await story.extend(grant.id);
});

test("bad input and unknown requests are refused", async () => {
  await isRefused(story.world, () => cancel("all"), "input.invalid");
  await isRefused(story.world, () => cancel("req_01JD8Z5K3QW8R4T6Y2X9V7B1CN"), "not-found");
});

test("nobody else may: who may know of it is told so, a stranger finds nothing", async () => {
  const { id } = await story.ask();
  await isDenied(story.world, () => cancel(id, "lead"), "request.cancel");
  await isDenied(story.world, () => cancel(id, "administrator"), "request.cancel");
  await isDenied(story.world, () => cancel(id, "auditor"), "request.cancel");
  await isDenied(story.world, () => cancel(id, "analyst"), "request.cancel", "not-found");
  expect(await story.request(id)).toMatchObject({ status: "pending" });
});

test("what was decided stays decided, and of two at once one wins", async () => {
  const { id } = await story.ask();
  await oneWins(story.world, [() => cancel(id), () => cancel(id)], "request.already-decided");
  const approved: Id<"request"> = (await story.ask()).id;
  const slow = meanwhile(story.ctx("engineer"), () => story.approve(approved));
  await expect(cancelRequest(slow, { id: approved })).rejects.toMatchObject({
    code: "request.already-decided",
    details: { status: "approved", decidedBy: { name: "Tomoko Lind" } },
  });
});
