import { retryGrant } from "@daypass/core/grant/retry-grant.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Person } from "../harness.ts";
import { isDenied, isRefused, leavesOneEvent, oneWins } from "../outcome.ts";
import { createStory, type Story } from "../story.ts";

let story: Story;
beforeAll(async () => {
  story = await createStory();
});
afterAll(() => story.world.close());

const retry = (id: string, who: Person = "engineer") => retryGrant(story.ctx(who), { id });
const failingGrant = async () => {
  const { id } = await story.plannedGrant();
  story.server.faults.push("before");
  await story.turn(id);
  return story.grant(id);
};

test("what failed is tried now instead of after its back-off, and exactly one event says so", async () => {
  const grant = await failingGrant();
  expect(await story.turn(grant.id)).toMatchObject({ next: "wait" });
  const event = await leavesOneEvent(story.world, () => retry(grant.id));
  expect(event).toMatchObject({
    operation: "grant.retry",
    subjectId: grant.id,
    story: grant.story,
    actor: { name: "Erin Vale" },
    database: { name: "shop" },
    data: { state: "provisioning", step: "provision" },
  });
  const next = await story.grant(grant.id);
  expect(next).not.toHaveProperty("nextAttemptAt");
  expect(next.failure).toEqual(grant.failure);
  expect(story.world.timers.at(-1)).toEqual({ id: grant.id, name: `${grant.id}-${next.version}` });
  await story.turn(grant.id);
  expect(await story.grant(grant.id)).toMatchObject({ state: "active" });
});

test("a stuck revocation may be tried again, also by an administrator", async () => {
  const { id } = await story.activeGrant();
  story.world.clock.advance({ minutes: 61 });
  story.server.faults.push("quarantine");
  await story.turn(id);
  expect(await story.grant(id)).toMatchObject({ state: "quarantined" });
  await retry(id, "administrator");
  expect(await story.turn(id)).toEqual({ next: "done" });
});

test("where nothing has failed there is nothing to retry", async () => {
  const { id } = await story.activeGrant();
  await isRefused(story.world, () => retry(id), "grant.nothing-to-retry");
  story.world.clock.advance({ minutes: 61 });
  await story.turn(id);
  await isRefused(story.world, () => retry(id), "grant.nothing-to-retry");
});

test("bad input and unknown grants are refused", async () => {
  await isRefused(story.world, () => retry("all"), "input.invalid");
  await isRefused(story.world, () => retry("grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN"), "not-found");
});

test("nobody else may: who may know of it is told so, a stranger finds nothing", async () => {
  const { id } = await failingGrant();
  await isDenied(story.world, () => retry(id, "lead"), "grant.retry");
  await isDenied(story.world, () => retry(id, "auditor"), "grant.retry");
  await isDenied(story.world, () => retry(id, "analyst"), "grant.retry", "not-found");
});

test("of two at once one retries", async () => {
  const { id } = await failingGrant();
  await oneWins(story.world, [() => retry(id), () => retry(id, "administrator")], "grant.changed");
});
