import { createPolicy } from "@daypass/core/policy/create-policy.ts";
import { deletePolicy } from "@daypass/core/policy/delete-policy.ts";
import { listPolicies } from "@daypass/core/policy/policy.store.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createWorld, type Person, type World } from "../harness.ts";
import { isDenied, isRefused, leavesOneEvent, oneWins } from "../outcome.ts";
import { engineersRead } from "./documents.ts";

let world: World;
let id: string;
beforeEach(async () => {
  world = await createWorld();
  id = (await createPolicy(world.ctx("administrator"), { policy: engineersRead })).id;
});
afterEach(() => world.close());

const remove = (version: unknown = 1, who: Person = "administrator") =>
  deletePolicy(world.ctx(who), { id, version });

test("a policy goes, its name is free again, and exactly one event holds what it was", async () => {
  const event = await leavesOneEvent(world, () => remove());
  expect(event).toMatchObject({ operation: "policy.delete", subjectId: id });
  expect(JSON.parse(String(event.data["before"]))).toMatchObject(engineersRead);
  expect(await listPolicies(world)).toEqual([]);
  await createPolicy(world.ctx("administrator"), { policy: engineersRead });
});

test("bad input is refused", async () => {
  await isRefused(world, () => remove("one"), "input.invalid");
});

test("who is no administrator may not, and that is recorded", async () => {
  await isDenied(world, () => remove(1, "auditor"), "policy.delete");
});

test("an old version is refused, and of two at once one deletes", async () => {
  await isRefused(world, () => remove(2), "policy.changed");
  await oneWins(world, [() => remove(), () => remove()], "policy.changed");
});
