import { plusMinutes } from "@daypass/core/kernel/clock.ts";
import { newId } from "@daypass/core/kernel/ids.ts";
import { listOrphans } from "@daypass/core/reconciliation/orphan.store.ts";
import { recordOrphan } from "@daypass/core/reconciliation/record-orphan.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createWorld, type World } from "../harness.ts";
import { isDenied, isRefused, leavesOneEvent, oneWins } from "../outcome.ts";
import { type Registered, register } from "../registered.ts";
import { workflow } from "../story.ts";

let world: World;
let registered: Registered;
let orphan: { instanceId: string; account: string; grantId: string };
beforeEach(async () => {
  world = await createWorld();
  registered = await register(world);
  orphan = {
    instanceId: registered.instance.id,
    account: "dp_01jd8z5k3qw8r4t6y2x9v7b1cn",
    grantId: newId("grant", world.ids),
  };
});
afterEach(() => world.close());

const record = (outcome: "found" | "dropped" | "gone" | "known", ctx = world.ctx(workflow)) =>
  recordOrphan(ctx, { ...orphan, outcome });
const waiting = () => listOrphans(world, registered.instance.id);

test("one that is found waits a day before it is dropped, and the one event is a failure to be looked at", async () => {
  const { events } = await world.watch(() => record("found"));
  const dropAfter = plusMinutes(world.clock.now(), 1440);
  expect(events).toMatchObject([
    {
      operation: "instance.record-orphan",
      outcome: "failed",
      subjectId: registered.instance.id,
      data: { account: orphan.account, grantId: orphan.grantId, what: "found", dropAfter },
    },
  ]);
  expect(await waiting()).toEqual([{ ...orphan, foundAt: world.clock.now(), dropAfter }]);
});

test("how it ends is told in exactly one event, and then nothing waits", async () => {
  for (const outcome of ["dropped", "gone", "known"] as const) {
    await record("found");
    const event = await leavesOneEvent(world, () => record(outcome));
    expect(event.data).toMatchObject({ what: outcome });
    expect(await waiting()).toEqual([]);
  }
});

test("what was never found cannot end", async () => {
  await isRefused(world, () => record("dropped"), "orphan.changed");
});

test("bad input is refused", async () => {
  await isRefused(world, () => record("lost" as never), "input.invalid");
});

test("only the system may, and that is recorded", async () => {
  const run = () => record("found", world.ctx("administrator"));
  await isDenied(world, run, "instance.record-orphan", "not-found");
});

test("of two at once one finds it", async () => {
  await oneWins(world, [() => record("found"), () => record("found")], "orphan.changed", "failed");
});
