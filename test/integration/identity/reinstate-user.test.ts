import { reinstateUser } from "@daypass/core/identity/reinstate-user.ts";
import { findUser } from "@daypass/core/identity/user.store.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createWorld, type Person, type World } from "../harness.ts";
import { isDenied, isRefused, leavesOneEvent, oneWins } from "../outcome.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const reinstate = (whom: Person = "suspended", who: Person = "administrator") =>
  reinstateUser(world.ctx(who), { id: world.people[whom].id });

test("a suspended person may come again, and exactly one event says so", async () => {
  const event = await leavesOneEvent(world, () => reinstate());
  expect(event).toMatchObject({ operation: "user.reinstate", data: { name: "Jonas Wren" } });
  expect(await findUser(world, world.people.suspended.id)).not.toHaveProperty("suspendedAt");
});

test("somebody who is not suspended is not reinstated", async () => {
  await isRefused(world, () => reinstate("engineer"), "user.not-suspended");
});

test("bad input is refused, and an unknown person is not found", async () => {
  const ctx = world.ctx("administrator");
  await isRefused(world, () => reinstateUser(ctx, { id: "jonas" }), "input.invalid");
  await isRefused(world, () => reinstateUser(ctx, { id: "usr_01JD8Z5K3QW8R4T6Y2X9V7B1CN" }), "not-found");
});

test("who is no administrator may not, and that is recorded", async () => {
  await isDenied(world, () => reinstate("suspended", "engineer"), "user.reinstate");
});

test("of two at once one reinstates", async () => {
  await oneWins(world, [() => reinstate(), () => reinstate()], "user.changed");
});
