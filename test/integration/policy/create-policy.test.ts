import { createPolicy } from "@daypass/core/policy/create-policy.ts";
import { listPolicies } from "@daypass/core/policy/policy.store.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorld, type Person, type World } from "../harness.ts";
import { isDenied, isRefused, leavesOneEvent, oneWins } from "../outcome.ts";
import { engineersRead } from "./documents.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const create = (fields: object = {}, who: Person = "administrator") =>
  createPolicy(world.ctx(who), { policy: { ...engineersRead, ...fields } as never });

test("an administrator writes a policy, and exactly one event holds its document", async () => {
  const event = await leavesOneEvent(world, () => create());
  expect(event).toMatchObject({
    operation: "policy.create",
    data: { name: engineersRead.name, effect: "allow" },
  });
  expect(JSON.parse(String(event.data["after"]))).toMatchObject(engineersRead);
  expect(await listPolicies(world)).toMatchObject([{ version: 1, document: engineersRead }]);
});

test.for([
  { effect: "maybe" },
  { approval: undefined },
  { approval: [{ count: 0, groups: ["leads"] }] },
  { who: {} },
  { who: { everyone: true, groups: ["engineers"] } },
  { for: { maxDurationMinutes: -1 } },
  { may: { levels: ["root"] } },
  { note: "x" },
])("bad input is refused: %j", async (fields) => {
  await isRefused(world, () => create({ name: "bad", ...fields }), "input.invalid");
});

test("a person whom nobody is cannot be named", async () => {
  const nobody = "usr_01JD8Z5K3QW8R4T6Y2X9V7B1CN";
  const approval = [{ count: 1, users: [world.people.lead.id, nobody] }];
  await isRefused(world, () => create({ name: "typo", approval }), "policy.unknown-user");
  await create({ name: "known", approval: [{ count: 1, users: [world.people.lead.id] }] });
});

test("who is no administrator may not, and that is recorded", async () => {
  await isDenied(world, () => create({ name: "mine" }, "engineer"), "policy.create");
  await isDenied(world, () => create({ name: "mine" }, "auditor"), "policy.create");
});

test("of two with the same name at once, one is made", async () => {
  await oneWins(world, [() => create({ name: "twin" }), () => create({ name: "TWIN" })], "policy.name-taken");
});
