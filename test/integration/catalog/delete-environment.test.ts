import { createEnvironment } from "@daypass/core/catalog/create-environment.ts";
import { createInstance } from "@daypass/core/catalog/create-instance.ts";
import { createNetwork } from "@daypass/core/catalog/create-network.ts";
import { deleteEnvironment } from "@daypass/core/catalog/delete-environment.ts";
import { deleteInstance } from "@daypass/core/catalog/delete-instance.ts";
import { listEnvironments } from "@daypass/core/catalog/environment.store.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorld, type World } from "../harness.ts";
import { isDenied, isRefused, leavesOneEvent, oneWins } from "../outcome.ts";
import { registerServer } from "./shop.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const create = (name: string) =>
  createEnvironment(world.ctx("administrator"), { name, rank: 1, protected: false });
const remove = (id: string, version = 1, who: "administrator" | "engineer" = "administrator") =>
  deleteEnvironment(world.ctx(who), { id, version });

test("an empty environment goes, its name is free again, and exactly one event says so", async () => {
  const { id } = await create("dev");
  expect(await leavesOneEvent(world, () => remove(id))).toMatchObject({
    operation: "environment.delete",
    subjectId: id,
    data: { name: "dev" },
  });
  expect((await listEnvironments(world)).map((each) => each.id)).not.toContain(id);
  await create("dev");
});

test("an environment with an instance in it stays until the instance is gone", async () => {
  const { environment, instance } = await registerServer(world);
  await isRefused(world, () => remove(environment.id), "environment.in-use");
  await deleteInstance(world.ctx("administrator"), { id: instance.id, version: 1 });
  await remove(environment.id);
});

test("an environment cannot go while an instance comes into it: never is an instance left without", async () => {
  const network = await createNetwork(world.ctx("administrator"), { name: "other" });
  const environment = await create("brief");
  const outcomes = await Promise.allSettled([
    createInstance(world.ctx("administrator"), {
      name: "late",
      engine: "postgres",
      environmentId: environment.id,
      networkId: network.id,
      secretName: "s",
    }),
    remove(environment.id),
  ]);
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("bad input is refused", async () => {
  await isRefused(world, () => remove("env_nonsense"), "input.invalid");
});

test("who is no administrator may not, and that is recorded", async () => {
  const { id } = await create("qa");
  await isDenied(world, () => remove(id, 1, "engineer"), "environment.delete");
});

test("an old version is refused, and of two at once one deletes", async () => {
  const { id } = await create("pre");
  await isRefused(world, () => remove(id, 7), "environment.changed");
  await oneWins(world, [() => remove(id), () => remove(id)], "environment.changed");
  await isRefused(world, () => remove(id), "not-found");
});
