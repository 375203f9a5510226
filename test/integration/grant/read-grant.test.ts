import { advanceGrant } from "@daypass/core/grant/advance-grant.ts";
import { grantView } from "@daypass/core/grant/grant.view.ts";
import { readGrant } from "@daypass/core/grant/read-grant.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Person } from "../harness.ts";
import { isDenied, isRefused, leavesNothing } from "../outcome.ts";
import { anonymous, createStory, type Story, sweeper } from "../story.ts";

let story: Story;
beforeAll(async () => {
  story = await createStory();
});
afterAll(() => story.world.close());

const read = (id: string, who: Person | ReturnType<Story["as"]> = "engineer") =>
  readGrant(story.ctx(who), { id });

test("the holder sees what runs until when and what may be done with it; reading leaves no event", async () => {
  const grant = await story.activeGrant();
  await leavesNothing(story.world, async () => {
    const shown = await read(grant.id);
    expect(grantView.parse(shown)).toEqual(shown);
    expect(shown).toMatchObject({
      state: "active",
      account: grant.account,
      startedAt: grant.startedAt,
      endsAt: grant.endsAt,
      databaseEndsAt: grant.endsAt,
      deadManSwitch: "login",
      timerSeenAt: grant.startedAt,
      absentAt: null,
      nextAttemptAt: null,
      maxExtensionMinutes: 420,
      may: { showCredential: true, extend: true, end: true, retry: false, writeOff: false },
    });
    expect(JSON.stringify(shown)).not.toContain(story.server.secrets.get(grant.secretName));
    expect(shown).not.toHaveProperty("secretName");
  });
});

test("what others may do with it is theirs alone", async () => {
  const { id } = await story.activeGrant();
  const none = { showCredential: false, extend: false, end: false, retry: false, writeOff: false };
  expect((await read(id, "lead")).may).toEqual(none);
  expect((await read(id, "auditor")).may).toEqual(none);
  expect((await read(id, "administrator")).may).toEqual({ ...none, end: true });
});

test("an end is told only once access has begun, and after it nothing may be done", async () => {
  const own = await createStory();
  const { id } = await own.plannedGrant();
  const get = () => readGrant(own.ctx("engineer"), { id });
  expect(await get()).toMatchObject({ state: "planned", startedAt: null, endsAt: null });
  own.server.faults.push("before");
  await own.turn(id);
  expect(await get()).toMatchObject({
    state: "provisioning",
    endsAt: null,
    failure: { step: "provision", reason: "unreachable", attempts: 1 },
    nextAttemptAt: expect.any(String),
    may: { end: true, retry: true, writeOff: false },
  });
  own.world.clock.advance({ minutes: 1 });
  await own.turn(id);
  own.world.clock.advance({ minutes: 60 });
  const none = { showCredential: false, extend: false };
  expect(await get()).toMatchObject({ state: "active", maxExtensionMinutes: 0, may: none });
  await own.turn(id);
  expect(await get()).toMatchObject({
    state: "revoked",
    endedBy: "expiry",
    revokedAt: own.world.clock.now(),
    absentAt: own.world.clock.now(),
    nextAttemptAt: null,
    may: { ...none, end: false, retry: false, writeOff: false },
  });
  await own.world.close();
});

test("a grant that only the sweeper has moved shows no sign of a timer", async () => {
  const { id } = await story.plannedGrant();
  await advanceGrant(story.server.broker(sweeper), id);
  expect(await read(id)).toMatchObject({ state: "active", timerSeenAt: null });
});

test("holder, approvers, administrators and auditors may; to others it does not exist", async () => {
  const { id } = await story.activeGrant();
  for (const who of ["engineer", "lead", "administrator", "auditor"] as const) await read(id, who);
  await isDenied(story.world, () => read(id, "analyst"), "grant.read", "not-found");
  await isRefused(story.world, () => readGrant(story.ctx(anonymous), { id }), "session.required");
});

test("bad input and unknown grants are refused", async () => {
  await isRefused(story.world, () => read("1"), "input.invalid");
  await isRefused(story.world, () => read("grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN"), "not-found");
});
