import { suspendUser } from "@daypass/core/identity/suspend-user.ts";
import { findUser } from "@daypass/core/identity/user.store.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createWorld, type Person, type World } from "../harness.ts";
import { isDenied, isRefused, leavesOneEvent, oneWins } from "../outcome.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const suspend = (whom: Person, who: Person = "administrator", reason = "left the company") =>
  suspendUser(world.ctx(who), { id: world.people[whom].id, reason });

test("an administrator suspends somebody, and exactly one event says why", async () => {
  const event = await leavesOneEvent(world, () => suspend("engineer"));
  expect(event).toMatchObject({
    operation: "user.suspend",
    subjectId: world.people.engineer.id,
    data: { name: "Erin Vale", reason: "left the company" },
  });
  expect(await findUser(world, world.people.engineer.id)).toMatchObject({
    suspendedAt: world.clock.now(),
    version: 2,
  });
});

test("nobody suspends themself", async () => {
  await isDenied(world, () => suspend("administrator"), "user.suspend", "user.suspend-self");
});

test("somebody who is suspended already is not suspended again", async () => {
  await isRefused(world, () => suspend("suspended"), "user.already-suspended");
});

test("bad input is refused", async () => {
  await isRefused(world, () => suspend("engineer", "administrator", "   "), "input.invalid");
});

test("who is no administrator may not, and that is recorded", async () => {
  await isDenied(world, () => suspend("engineer", "lead"), "user.suspend");
  await isDenied(world, () => suspend("engineer", "auditor"), "user.suspend");
});

test("of two at once one suspends", async () => {
  await oneWins(world, [() => suspend("analyst"), () => suspend("analyst")], "user.already-suspended");
});
