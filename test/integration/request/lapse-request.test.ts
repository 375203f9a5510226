import { cancelRequest } from "@daypass/core/request/cancel-request.ts";
import { countToReview } from "@daypass/core/request/inbox.store.ts";
import { lapseRequest } from "@daypass/core/request/lapse-request.ts";
import { listLapsingRequests } from "@daypass/core/request/request.store.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isDenied, isRefused, leavesOneEvent, oneWins } from "../outcome.ts";
import { createStory, type Story, sweeper, workflow } from "../story.ts";

let story: Story;
let id: string;
beforeEach(async () => {
  story = await createStory();
  id = (await story.ask()).id;
});
afterEach(() => story.world.close());

const lapse = (given = id) => lapseRequest(story.ctx(sweeper), { id: given });
const listDue = () => listLapsingRequests(story.world, story.world.clock.now(), 50);

test("nobody decided in time: it leaves inbox, list and quota, and exactly one event says so", async () => {
  story.world.clock.advance({ days: 7 });
  expect((await listDue()).map((request) => request.id)).toEqual([id]);
  const event = await leavesOneEvent(story.world, () => lapse());
  expect(event).toMatchObject({
    operation: "request.lapse",
    subjectId: id,
    story: id.slice(4),
    actor: { kind: "system", id: "system:sweeper" },
    database: { name: "shop" },
    data: { status: "lapsed" },
  });
  expect(await story.request(id as never)).toMatchObject({ status: "lapsed" });
  expect(await listDue()).toEqual([]);
  expect(await countToReview(story.world, story.world.actor("lead"))).toBe(0);
});

test("not a moment before its deadline", async () => {
  story.world.clock.advance({ days: 7, ms: -1 });
  expect(await listDue()).toEqual([]);
  await isRefused(story.world, () => lapse(), "request.not-due");
});

test("an extension lapses with the access that it would extend", async () => {
  const grant = await story.activeGrant();
  const extension = await story.extend(grant.id);
  expect(extension.lapsesAt).toBe(grant.endsAt);
  story.world.clock.advance({ minutes: 60 });
  await lapse(extension.id);
  expect(await story.grant(grant.id)).not.toHaveProperty("pendingExtensionId");
});

test("bad input and unknown requests are refused", async () => {
  await isRefused(story.world, () => lapse("all"), "input.invalid");
  await isRefused(story.world, () => lapse("req_01JD8Z5K3QW8R4T6Y2X9V7B1CN"), "not-found");
});

test("only the sweeper may; for everybody else there is nothing to lapse", async () => {
  story.world.clock.advance({ days: 7 });
  for (const who of ["engineer", "lead", "administrator", workflow] as const) {
    await isDenied(story.world, () => lapseRequest(story.ctx(who), { id }), "request.lapse", "not-found");
  }
});

test("what was decided stays decided, and of two sweepers one lapses it", async () => {
  story.world.clock.advance({ days: 7 });
  await oneWins(story.world, [() => lapse(), () => lapse()], "request.already-decided");
  await isRefused(story.world, () => cancelRequest(story.ctx("engineer"), { id }), "request.already-decided");
});
