import { authenticate } from "@daypass/core/identity/authenticate.ts";
import { findUserBySubject } from "@daypass/core/identity/user.store.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorld, type World } from "./harness.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

test("a world has its people and an empty audit trail", async () => {
  expect(await findUserBySubject(world.ctx("lead"), "https://id.example.com", "lead")).toEqual(
    world.people.lead,
  );
  expect(await world.events()).toEqual([]);
});

test("nobody is let in without a credential", async () => {
  await expect(authenticate(world.ctx({ kind: "anonymous" }), {})).rejects.toMatchObject({
    code: "session.required",
  });
});
