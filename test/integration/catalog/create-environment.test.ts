import { createEnvironment } from "@daypass/core/catalog/create-environment.ts";
import { listEnvironments } from "@daypass/core/catalog/environment.store.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorld, type World } from "../harness.ts";
import { isDenied, isRefused, leavesOneEvent, oneWins } from "../outcome.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const staging = { name: "staging", rank: 20, protected: false };
const create = (fields: object, who: "administrator" | "engineer" = "administrator") =>
  createEnvironment(world.ctx(who), { ...staging, ...fields });

test("an administrator makes an environment, and exactly one event says so", async () => {
  const event = await leavesOneEvent(world, () => create({}));
  expect(event).toMatchObject({ operation: "environment.create", data: staging });
  expect(await listEnvironments(world)).toMatchObject([staging]);
});

test("a name is taken whatever its case, and once more is refused", async () => {
  await isRefused(world, () => create({ name: "Staging" }), "environment.name-taken");
});

test.for([
  { name: "" },
  { name: " " },
  { name: "a\u202eb" },
  { name: "x".repeat(61) },
  { rank: 1.5 },
  { rank: -1 },
  { protected: "no" },
  { colour: "red" },
])("bad input is refused: %j", async (fields) => {
  await isRefused(world, () => create(fields), "input.invalid");
});

test("who is no administrator may not, and that is recorded", async () => {
  await isDenied(world, () => create({ name: "dev" }, "engineer"), "environment.create");
});

test("of two with the same name at once, one is made", async () => {
  const run = () => create({ name: "qa" });
  await oneWins(world, [run, run], "environment.name-taken");
  expect((await listEnvironments(world)).filter(({ name }) => name === "qa")).toHaveLength(1);
});
