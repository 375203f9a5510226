import { inspectInstance } from "@daypass/core/catalog/inspect-instance.ts";
import { readInstance } from "@daypass/core/catalog/read-instance.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createWorld, type World } from "../harness.ts";
import { isDenied, isRefused, leavesOneEvent, oneWins } from "../outcome.ts";
import { registerServer } from "./shop.ts";

let world: World;
let id: string;
beforeEach(async () => {
  world = await createWorld();
  id = (await registerServer(world)).instance.id;
});
afterEach(() => world.close());

const inspect = () => inspectInstance(world.ctx("administrator"), { id });

test("an inspection is running, its workflow is started once, and exactly one event says so", async () => {
  const event = await leavesOneEvent(world, inspect);
  expect(event).toMatchObject({ operation: "instance.inspect", subjectId: id });
  expect(world.inspections).toEqual([{ id, name: `${id}-${String(event.data["run"])}` }]);
  const { inspection } = await readInstance(world.ctx("administrator"), { id });
  expect(inspection).toMatchObject({ status: "running", startedAt: world.clock.now() });
});

test("while one runs another is refused; after ten minutes it counts as lost and another may begin", async () => {
  await inspect();
  await isRefused(world, inspect, "inspection.running");
  world.clock.advance({ minutes: 10 });
  const { inspection } = await readInstance(world.ctx("administrator"), { id });
  expect(inspection).toMatchObject({
    status: "failed",
    error: expect.stringContaining("did not finish") as unknown,
  });
  await inspect();
});

test("a workflow that cannot be started is shown as a failure, not as running for ever", async () => {
  const ctx = world.ctx("administrator");
  const workflows = { startInspection: () => Promise.reject(new Error("down")) };
  await inspectInstance({ ...ctx, workflows }, { id });
  const { inspection } = await readInstance(ctx, { id });
  expect(inspection).toMatchObject({
    status: "failed",
    error: "The inspection could not be started; try again.",
  });
});

test("bad input is refused", async () => {
  const run = () => inspectInstance(world.ctx("administrator"), { id, force: true } as never);
  await isRefused(world, run, "input.invalid");
});

test("who is no administrator may not, and that is recorded", async () => {
  await isDenied(world, () => inspectInstance(world.ctx("auditor"), { id }), "instance.inspect");
  expect(world.inspections).toEqual([]);
});

test("of two at once one begins", async () => {
  await oneWins(world, [inspect, inspect], "inspection.changed");
  expect(world.inspections).toHaveLength(1);
});
