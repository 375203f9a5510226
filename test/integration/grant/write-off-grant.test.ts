import { advanceGrant } from "@daypass/core/grant/advance-grant.ts";
import { presentGrant } from "@daypass/core/grant/present-grant.ts";
import { sweep } from "@daypass/core/grant/sweep.ts";
import { writeOffGrant } from "@daypass/core/grant/write-off-grant.ts";
import { newId } from "@daypass/core/kernel/ids.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Person } from "../harness.ts";
import { meanwhile } from "../meanwhile.ts";
import { isDenied, isRefused, leavesOneEvent } from "../outcome.ts";
import { createStory, type Story, sweeper } from "../story.ts";

let story: Story;
beforeEach(async () => {
  story = await createStory();
});
afterEach(() => story.world.close());

const reason = "The server was deleted on Monday; its provider confirmed it.";

/** A grant whose end has come while its server is away, for so many minutes. */
async function unreachable(minutes: number, who: Person = "engineer") {
  const { id } =
    who === "engineer" ? await story.activeGrant() : { id: (await story.ask({}, who)).grantId ?? fail() };
  if (who !== "engineer") await story.turn(id);
  story.server.isUp = false;
  story.world.clock.advance({ minutes: 60 });
  await story.turn(id);
  story.world.clock.advance({ minutes });
  return story.grant(id);
}
function fail(): never {
  throw new Error("no grant");
}

const writeOff = (grant: { id: string; version: number }, ctx = story.ctx("administrator")) =>
  writeOffGrant(ctx, { id: grant.id, version: grant.version, reason });

test("an account whose server is gone is written off, and the one event says that nobody saw it absent", async () => {
  const grant = await unreachable(30);
  const event = await leavesOneEvent(story.world, () => writeOff(grant));
  expect(event).toMatchObject({
    operation: "grant.write-off",
    story: grant.story,
    data: { state: "written-off", reason, account: grant.account, absenceSeen: false },
  });
  const after = await story.grant(grant.id);
  expect(after).toMatchObject({
    state: "written-off",
    writtenOff: { by: { name: "Priya Castell" }, reason },
  });
  expect(after.revokedAt).toBeUndefined();
  expect(story.world.timers.at(-1)).toEqual({ id: grant.id, name: `${grant.id}-${after.version}` });
  expect(story.server.secrets.has(grant.secretName)).toBe(true);
  expect(await story.turn(grant.id)).toEqual({ next: "done" });
  expect(story.server.secrets.has(grant.secretName)).toBe(false);
  expect(presentGrant(story.ctx("administrator"), await story.grant(grant.id)).writtenOff).toEqual({
    at: after.writtenOff?.at,
    by: after.writtenOff?.by,
    reason,
  });
});

test("its secret is deleted by the sweeper when its timer is lost, and then it is left alone", async () => {
  const grant = await unreachable(30);
  await writeOff(grant);
  const sweepOnce = () =>
    sweep({
      ...story.ctx(sweeper),
      brokers: {
        turn: (_network, id) => advanceGrant(story.server.broker(sweeper), id),
        reconcile: async () => undefined,
      },
    });
  story.world.clock.advance({ minutes: 1 });
  expect(await sweepOnce()).toMatchObject({ grants: 1, failedGrants: 0 });
  expect(story.server.secrets.has(grant.secretName)).toBe(false);
  story.world.clock.advance({ minutes: 1 });
  expect(await sweepOnce()).toMatchObject({ grants: 0 });
});

test("what has been away for less than half an hour is not given up", async () => {
  const grant = await unreachable(29);
  await isRefused(story.world, () => writeOff(grant), "grant.not-lost");
});

test("what still answers is not written off: neither running access nor a quarantined account", async () => {
  const active = await story.activeGrant();
  await isRefused(story.world, () => writeOff(active), "grant.not-lost");
  story.world.clock.advance({ minutes: 60 });
  story.server.faults.push("quarantine");
  await story.turn(active.id);
  story.world.clock.advance({ minutes: 60 });
  const quarantined = await story.grant(active.id);
  await isRefused(story.world, () => writeOff(quarantined), "grant.not-lost");
});

test("nobody writes off their own access, also not as administrator", async () => {
  const grant = await unreachable(60, "auditor");
  const self = story.ctx(story.as("auditor", ["administrators"]));
  await isDenied(story.world, () => writeOff(grant, self), "grant.write-off", "grant.write-off-own");
});

test("bad input is refused", async () => {
  const { id, version } = await unreachable(60);
  const run = () => writeOffGrant(story.ctx("administrator"), { id, version, reason: "gone" });
  await isRefused(story.world, run, "input.invalid");
});

test("who is no administrator may not, and that is recorded", async () => {
  const grant = await unreachable(60);
  await isDenied(story.world, () => writeOff(grant, story.ctx("engineer")), "grant.write-off");
});

test("nobody else may: approver, auditor, stranger, the parts of the system, a token that may not administer", async () => {
  const grant = await unreachable(60);
  const { id } = grant;
  for (const who of ["lead", "auditor"] as const) {
    await isDenied(story.world, () => writeOff(grant, story.ctx(who)), "grant.write-off");
  }
  await isDenied(story.world, () => writeOff(grant, story.ctx("analyst")), "grant.write-off", "not-found");
  for (const name of ["workflow", "sweeper", "setup"] as const) {
    const part = story.ctx({ kind: "system", name });
    await isDenied(story.world, () => writeOff(grant, part), "grant.write-off", "not-found");
  }
  await isRefused(story.world, () => writeOff(grant, story.ctx({ kind: "anonymous" })), "session.required");
  const token = { kind: "token", id: newId("token", story.world.ids) } as const;
  const scopes = ["read", "request", "review", "credential"] as const;
  const byToken = story.ctx({ ...story.world.actor("administrator"), scopes, via: token });
  await isDenied(story.world, () => writeOff(grant, byToken), "grant.write-off", "token.scope");
  expect(await story.grant(id)).toMatchObject({ state: "revoking", version: grant.version });
});

test("one that was looked at before it moved on is refused", async () => {
  const grant = await unreachable(60);
  await isRefused(story.world, () => writeOff({ ...grant, version: grant.version - 1 }), "grant.changed");
  const quicker = meanwhile(story.ctx("administrator"), () => story.turn(grant.id));
  const { error } = await story.world.watch(() => writeOff(grant, quicker));
  expect(error).toMatchObject({ code: "grant.changed" });
  expect((await story.grant(grant.id)).state).toBe("revoking");
});
