import { readSweeper } from "@daypass/core/grant/read-sweeper.ts";
import { sweep } from "@daypass/core/grant/sweep.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorld, type World } from "../harness.ts";
import { isRefused, leavesNothing } from "../outcome.ts";
import { anonymous, sweeper } from "../story.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const swept = () =>
  sweep({
    ...world.ctx(sweeper),
    brokers: { reconcile: async () => undefined, turn: () => Promise.resolve(undefined) },
  });

test("before the first sweep there is no sign of the sweeper", async () => {
  expect(await readSweeper(world.ctx("engineer"), {})).toEqual({ sweptAt: null });
});

test("each sweep leaves the time at which it came to its end, and no event", async () => {
  await leavesNothing(world, async () => {
    await swept();
    const first = world.clock.now();
    expect(await readSweeper(world.ctx("engineer"), {})).toEqual({ sweptAt: first });
    world.clock.advance({ minutes: 1 });
    expect(await readSweeper(world.ctx("auditor"), {})).toEqual({ sweptAt: first });
    await swept();
    expect(await readSweeper(world.ctx("auditor"), {})).toEqual({ sweptAt: world.clock.now() });
  });
});

test("whoever is signed in may know; bad input and strangers are refused", async () => {
  await isRefused(world, () => readSweeper(world.ctx("engineer"), { all: true } as never), "input.invalid");
  await isRefused(world, () => readSweeper(world.ctx(anonymous), {}), "session.required");
});
