import { authenticate } from "@daypass/core/identity/authenticate.ts";
import { createToken } from "@daypass/core/identity/create-token.ts";
import { listTokens } from "@daypass/core/identity/list-tokens.ts";
import { revokeToken } from "@daypass/core/identity/revoke-token.ts";
import type { Actor } from "@daypass/core/kernel/context.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createWorld, type Person, type World } from "../harness.ts";
import { isDenied, isRefused, leavesOneEvent, oneWins } from "../outcome.ts";

let world: World;
let token: { id: string; secret: string };
beforeEach(async () => {
  world = await createWorld();
  token = await createToken(world.ctx("engineer"), {
    name: "ci",
    scopes: ["read", "administer"],
    expiresInDays: 30,
  });
});
afterEach(() => world.close());

const revoke = (who: Person | Actor = "engineer") => revokeToken(world.ctx(who), { id: token.id });
const use = () => authenticate(world.ctx({ kind: "anonymous" }), { bearer: token.secret });

test("a revoked token lets nobody in, and exactly one event says so", async () => {
  await use();
  const event = await leavesOneEvent(world, () => revoke());
  expect(event).toMatchObject({
    operation: "token.revoke",
    subjectId: token.id,
    data: { name: "ci", ownerId: world.people.engineer.id },
  });
  await expect(use()).rejects.toMatchObject({ code: "token.invalid" });
  expect(await listTokens(world.ctx("engineer"), {})).toEqual({ items: [] });
});

test("administrators revoke anybody's", async () => {
  await revoke("administrator");
  await expect(use()).rejects.toMatchObject({ code: "token.invalid" });
});

test("bad input is refused", async () => {
  await isRefused(world, () => revokeToken(world.ctx("engineer"), { id: token.secret }), "input.invalid");
});

test("to everybody else it does not exist, and that is recorded", async () => {
  await isDenied(world, () => revoke("lead"), "token.revoke", "not-found");
  await isDenied(world, () => revoke("auditor"), "token.revoke", "not-found");
});

test("a token cannot revoke tokens", async () => {
  const { actor } = await use();
  await isDenied(world, () => revoke(actor), "token.revoke", "token.scope");
});

test("of two at once one revokes", async () => {
  await oneWins(world, [() => revoke(), () => revoke("administrator")], "not-found");
});
