import { alarmGrant } from "@daypass/core/grant/alarm-grant.ts";
import type { AlarmCause } from "@daypass/core/grant/grant.view.ts";
import type { Context } from "@daypass/core/kernel/context.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isDenied, isRefused, oneWins } from "../outcome.ts";
import { createStory, type Story, sweeper } from "../story.ts";

let story: Story;
beforeEach(async () => {
  story = await createStory();
});
afterEach(() => story.world.close());

type Looked = { id: string; version: number };
const alarm = (
  { id, version }: Looked,
  cause: AlarmCause = "not-revoked",
  ctx: Context = story.ctx(sweeper),
) => alarmGrant(ctx, { id, version, cause, message: "It is still there." });

async function late(minutes = 5) {
  const { id } = await story.activeGrant();
  story.server.isUp = false;
  story.world.clock.advance({ minutes: 60 });
  await story.turn(id);
  story.world.clock.advance({ minutes });
  return story.grant(id);
}

test("what is not revoked five minutes after its end is told once: one event, and a line in the log", async () => {
  const grant = await late();
  const lines: unknown[] = [];
  const ctx = story.ctx(sweeper);
  const log = { ...ctx.log, error: (...line: unknown[]) => void lines.push(line) };
  const { events } = await story.world.watch(() => alarm(grant, "not-revoked", { ...ctx, log }));
  expect(events).toMatchObject([
    {
      operation: "grant.alarm",
      outcome: "failed",
      story: grant.story,
      data: { cause: "not-revoked", account: grant.account, minutesLate: 5 },
    },
  ]);
  expect(lines).toEqual([
    ["alarm", { cause: "not-revoked", grantId: grant.id, instanceId: story.registered.instance.id }],
  ]);
  const after = await story.grant(grant.id);
  expect(after).toMatchObject({ state: "revoking", alarms: { "not-revoked": story.world.clock.now() } });
  await isRefused(story.world, () => alarm(after), "grant.illegal-move");
});

test("it is no alarm before that, and none for what runs or is revoked", async () => {
  const early = await late(4);
  await isRefused(story.world, () => alarm(early), "grant.illegal-move");
  story.server.isUp = true;
  const active = await story.activeGrant();
  await isRefused(story.world, () => alarm(active), "grant.illegal-move");
  await isRefused(story.world, () => alarm(active, "reappeared"), "grant.illegal-move");
  story.world.clock.advance({ minutes: 60 });
  await story.turn(active.id);
  story.world.clock.advance({ minutes: 60 });
  const revoked = await story.grant(active.id);
  await isRefused(story.world, () => alarm(revoked), "grant.illegal-move");
  await isRefused(story.world, () => alarm(revoked, "missing"), "grant.illegal-move");
});

test("a revoked account that is there again is an alarm, and the grant stays revoked", async () => {
  const { id } = await story.activeGrant();
  story.world.clock.advance({ minutes: 60 });
  await story.turn(id);
  await alarm(await story.grant(id), "reappeared");
  expect(await story.grant(id)).toMatchObject({
    state: "revoked",
    alarms: { reappeared: expect.any(String) as unknown },
  });
});

test("bad input is refused", async () => {
  const grant = await late();
  await isRefused(story.world, () => alarm(grant, "late" as never), "input.invalid");
});

test("nobody but the system may, and that is recorded", async () => {
  const grant = await late();
  await isDenied(
    story.world,
    () => alarm(grant, "not-revoked", story.ctx("administrator")),
    "grant.alarm",
    "not-found",
  );
});

test("of two at once one tells", async () => {
  const grant = await late();
  await oneWins(story.world, [() => alarm(grant), () => alarm(grant)], "grant.changed", "failed");
});
