import { createNetwork } from "@daypass/core/catalog/create-network.ts";
import { listAllNetworks } from "@daypass/core/catalog/list-networks.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorld, type World } from "../harness.ts";
import { isRefused, leavesNothing } from "../outcome.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

test("networks come by name", async () => {
  await createNetwork(world.ctx("administrator"), { name: "b" });
  await createNetwork(world.ctx("administrator"), { name: "a" });
  const { items } = await listAllNetworks(world.ctx("engineer"), {});
  expect(items.map(({ name }) => name)).toEqual(["a", "b"]);
});

test("bad input is refused", async () => {
  await isRefused(world, () => listAllNetworks(world.ctx("engineer"), { x: 1 } as never), "input.invalid");
});

test("who is not signed in sees none", async () => {
  await isRefused(world, () => listAllNetworks(world.ctx({ kind: "anonymous" }), {}), "session.required");
});

test("listing leaves no event", async () => {
  await leavesNothing(world, () => listAllNetworks(world.ctx("engineer"), {}));
});
