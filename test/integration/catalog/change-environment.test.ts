import { changeEnvironment } from "@daypass/core/catalog/change-environment.ts";
import { createEnvironment } from "@daypass/core/catalog/create-environment.ts";
import { deleteEnvironment } from "@daypass/core/catalog/delete-environment.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorld, type World } from "../harness.ts";
import { isDenied, isRefused, leavesOneEvent, oneWins } from "../outcome.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const fields = { name: "staging", rank: 20, protected: false };
const create = (name: string) => createEnvironment(world.ctx("administrator"), { ...fields, name });

test("a change says before and after in exactly one event", async () => {
  const { id } = await create("one");
  const change = { id, version: 1, name: "one", rank: 20, protected: true };
  const event = await leavesOneEvent(world, () => changeEnvironment(world.ctx("administrator"), change));
  expect(event.data).toEqual({
    name: "one",
    changed: ["protected", "version"],
    before: '{"protected":false,"version":1}',
    after: '{"protected":true,"version":2}',
  });
});

test("a new name frees the old one and takes the new one", async () => {
  const { id } = await create("two");
  const changed = await changeEnvironment(world.ctx("administrator"), {
    ...fields,
    id,
    version: 1,
    name: "deux",
  });
  expect(changed).toMatchObject({ name: "deux", version: 2 });
  await create("two");
  await isRefused(world, () => create("DEUX"), "environment.name-taken");
});

test("the count of instances survives a change: it can be deleted after", async () => {
  const { id } = await create("three");
  const ctx = world.ctx("administrator");
  await changeEnvironment(ctx, { ...fields, id, version: 1, name: "three" });
  await deleteEnvironment(ctx, { id, version: 2 });
});

test("bad input is refused", async () => {
  const run = () =>
    changeEnvironment(world.ctx("administrator"), { ...fields, id: "env_1", version: 1 } as never);
  await isRefused(world, run, "input.invalid");
});

test("who is no administrator may not, and that is recorded", async () => {
  const { id } = await create("four");
  const run = () => changeEnvironment(world.ctx("auditor"), { ...fields, id, version: 1 });
  await isDenied(world, run, "environment.change");
});

test("an old version is refused, and of two changes at once one wins", async () => {
  const { id } = await create("five");
  const run = (rank: number) => () =>
    changeEnvironment(world.ctx("administrator"), { ...fields, id, version: 1, name: "five", rank });
  await oneWins(world, [run(21), run(22)], "environment.changed");
  await isRefused(world, run(23), "environment.changed");
});
