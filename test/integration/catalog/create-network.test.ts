import { createNetwork } from "@daypass/core/catalog/create-network.ts";
import { listAllNetworks } from "@daypass/core/catalog/list-networks.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorld, type World } from "../harness.ts";
import { isDenied, isRefused, leavesOneEvent, oneWins } from "../outcome.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

test("an administrator makes a network, and exactly one event says so", async () => {
  const event = await leavesOneEvent(world, () =>
    createNetwork(world.ctx("administrator"), { name: "tokyo" }),
  );
  expect(event).toMatchObject({ operation: "network.create", data: { name: "tokyo" } });
  const { items } = await listAllNetworks(world.ctx("engineer"), {});
  expect(items).toMatchObject([{ name: "tokyo", version: 1 }]);
});

test("the set-up of an installation may make one too", async () => {
  await createNetwork(world.ctx({ kind: "system", name: "setup" }), { name: "default" });
});

test.for([{}, { name: "" }, { name: 1 }, { name: "x", vpc: "y" }])(
  "bad input is refused: %j",
  async (input) => {
    await isRefused(world, () => createNetwork(world.ctx("administrator"), input as never), "input.invalid");
  },
);

test("who is no administrator may not, and that is recorded", async () => {
  await isDenied(world, () => createNetwork(world.ctx("auditor"), { name: "osaka" }), "network.create");
});

test("of two with the same name at once, one is made", async () => {
  const run = () => createNetwork(world.ctx("administrator"), { name: "kyoto" });
  await oneWins(world, [run, run], "network.name-taken");
});
