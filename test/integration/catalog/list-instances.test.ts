import { createEnvironment } from "@daypass/core/catalog/create-environment.ts";
import { createInstance } from "@daypass/core/catalog/create-instance.ts";
import { listAllInstances } from "@daypass/core/catalog/list-instances.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorld, type World } from "../harness.ts";
import { isDenied, isRefused, leavesNothing } from "../outcome.ts";
import { registerServer } from "./shop.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
  const { network, environment } = await registerServer(world);
  const ctx = world.ctx("administrator");
  const dev = await createEnvironment(ctx, { name: "dev", rank: 1, protected: false });
  const fields = { engine: "postgres", networkId: network.id, secretName: "s" } as const;
  await createInstance(ctx, { ...fields, name: "a", environmentId: environment.id });
  await createInstance(ctx, { ...fields, name: "z", environmentId: dev.id });
});
afterAll(() => world.close());

test("instances come by environment and name, in pages that miss none and repeat none", async () => {
  const first = await listAllInstances(world.ctx("auditor"), { limit: 2 });
  const rest = await listAllInstances(world.ctx("auditor"), { limit: 2, cursor: first.nextCursor ?? "" });
  expect([...first.items, ...rest.items].map(({ name }) => name)).toEqual(["z", "a", "shop-staging"]);
  expect(rest.nextCursor).toBeNull();
});

test("bad input is refused", async () => {
  await isRefused(world, () => listAllInstances(world.ctx("auditor"), { limit: 0 }), "input.invalid");
  await isRefused(world, () => listAllInstances(world.ctx("auditor"), { cursor: "else" }), "page.cursor");
});

test("members may not, and that is recorded", async () => {
  await isDenied(world, () => listAllInstances(world.ctx("engineer"), {}), "instance.list");
});

test("listing leaves no event", async () => {
  await leavesNothing(world, () => listAllInstances(world.ctx("administrator"), {}));
});
