import { createEnvironment } from "@daypass/core/catalog/create-environment.ts";
import { listAllEnvironments } from "@daypass/core/catalog/list-environments.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorld, type World } from "../harness.ts";
import { isRefused, leavesNothing } from "../outcome.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

test("environments come lowest first, whatever the order in which they were made", async () => {
  const ctx = world.ctx("administrator");
  await createEnvironment(ctx, { name: "prod", rank: 30, protected: true });
  await createEnvironment(ctx, { name: "dev", rank: 10, protected: false });
  const { items } = await listAllEnvironments(world.ctx("engineer"), {});
  expect(items.map(({ name }) => name)).toEqual(["dev", "prod"]);
  expect(items[1]).toMatchObject({ rank: 30, protected: true, version: 1 });
});

test("bad input is refused", async () => {
  await isRefused(
    world,
    () => listAllEnvironments(world.ctx("engineer"), { q: "" } as never),
    "input.invalid",
  );
});

test("who is not signed in sees none", async () => {
  const run = () => listAllEnvironments(world.ctx({ kind: "anonymous" }), {});
  await isRefused(world, run, "session.required");
});

test("listing leaves no event", async () => {
  await leavesNothing(world, () => listAllEnvironments(world.ctx("engineer"), {}));
});
