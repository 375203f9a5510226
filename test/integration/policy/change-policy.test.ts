import { changePolicy } from "@daypass/core/policy/change-policy.ts";
import { createPolicy } from "@daypass/core/policy/create-policy.ts";
import type { PolicyView } from "@daypass/core/policy/policy.view.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createWorld, type Person, type World } from "../harness.ts";
import { isDenied, isRefused, leavesOneEvent, oneWins } from "../outcome.ts";
import { engineersRead } from "./documents.ts";

let world: World;
let made: PolicyView;
beforeEach(async () => {
  world = await createWorld();
  made = await createPolicy(world.ctx("administrator"), { policy: engineersRead });
});
afterEach(() => world.close());

const change = (fields: object, who: Person = "administrator", version = 1) =>
  changePolicy(world.ctx(who), { id: made.id, version, policy: { ...engineersRead, ...fields } as never });

test("a change counts, and exactly one event says before and after of what changed", async () => {
  world.clock.advance({ minutes: 5 });
  const event = await leavesOneEvent(world, () => change({ for: { maxDurationMinutes: 60 } }));
  expect(event).toMatchObject({
    operation: "policy.change",
    subjectId: made.id,
    data: {
      changed: ["for"],
      before: '{"for":{"maxDurationMinutes":240}}',
      after: '{"for":{"maxDurationMinutes":60}}',
    },
  });
});

test("a new name frees the old one", async () => {
  expect(await change({ name: "Renamed" })).toMatchObject({ version: 2, policy: { name: "Renamed" } });
  await createPolicy(world.ctx("administrator"), { policy: engineersRead });
  const again = () => change({ name: engineersRead.name }, "administrator", 2);
  await isRefused(world, again, "policy.name-taken");
});

test("bad input is refused", async () => {
  await isRefused(world, () => change({ approval: [{ count: 1 }] }), "input.invalid");
});

test("an unknown policy is not found", async () => {
  const id = "pol_01JD8Z5K3QW8R4T6Y2X9V7B1CN";
  const run = () => changePolicy(world.ctx("administrator"), { id, version: 1, policy: engineersRead });
  await isRefused(world, run, "not-found");
});

test("who is no administrator may not, and that is recorded", async () => {
  await isDenied(world, () => change({ enabled: false }, "lead"), "policy.change");
});

test("an old version is refused, and of two changes at once one wins", async () => {
  await oneWins(
    world,
    [() => change({ enabled: false }), () => change({ description: "x" })],
    "policy.changed",
  );
  await isRefused(world, () => change({}), "policy.changed");
});
