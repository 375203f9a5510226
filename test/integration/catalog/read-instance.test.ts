import { readInstance } from "@daypass/core/catalog/read-instance.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorld, type World } from "../harness.ts";
import { isDenied, isRefused, leavesNothing } from "../outcome.ts";
import { find, registerServer } from "./shop.ts";

let world: World;
let id: string;
beforeAll(async () => {
  world = await createWorld();
  const { instance } = await registerServer(world);
  id = instance.id;
  await find(world, instance.id, ["shop", "payroll"]);
});
afterAll(() => world.close());

test("an instance comes with its last inspection and its counts", async () => {
  expect(await readInstance(world.ctx("auditor"), { id })).toMatchObject({
    name: "shop-staging",
    databaseCount: 2,
    liveGrantCount: 0,
    inspection: { status: "done", serverVersion: "PostgreSQL 17.1", error: null },
  });
});

test("bad input is refused, and an unknown id is not found", async () => {
  await isRefused(world, () => readInstance(world.ctx("auditor"), { id: "ins_1" }), "input.invalid");
  const unknown = "ins_01JD8Z5K3QW8R4T6Y2X9V7B1CN";
  await isRefused(world, () => readInstance(world.ctx("auditor"), { id: unknown }), "not-found");
});

test("members may not, and that is recorded", async () => {
  await isDenied(world, () => readInstance(world.ctx("lead"), { id }), "instance.read");
});

test("reading leaves no event", async () => {
  await leavesNothing(world, () => readInstance(world.ctx("administrator"), { id }));
});
