import { authenticate } from "@daypass/core/identity/authenticate.ts";
import { createToken, tokenLimit } from "@daypass/core/identity/create-token.ts";
import { newTokenView } from "@daypass/core/identity/user.view.ts";
import type { Actor } from "@daypass/core/kernel/context.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createWorld, type Person, type World } from "../harness.ts";
import { isDenied, isRefused, leavesOneEvent } from "../outcome.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const ci = { name: "ci", scopes: ["read", "administer"], expiresInDays: 30 };
const create = (fields: object = {}, who: Person | Actor = "engineer") =>
  createToken(world.ctx(who), { ...ci, ...fields } as never);

test("a token is shown once, in the shape of the API, and exactly one event holds all but its secret", async () => {
  let secret = "";
  const event = await leavesOneEvent(world, async () => {
    const token = await create();
    expect(newTokenView.parse(token)).toEqual(token);
    expect(token).toMatchObject({ name: "ci", scopes: ci.scopes, lastUsedAt: null });
    secret = token.secret;
  });
  expect(secret).toMatch(/^dpt_[0-9A-Z]{26}_[A-Za-z0-9_-]{43}$/);
  expect(event).toMatchObject({ operation: "token.create", data: { name: "ci", scopes: ci.scopes } });
  expect(JSON.stringify(event)).not.toContain(secret.slice(-43));
});

test.for([
  { name: " " },
  { name: "a\u0000b" },
  { scopes: [] },
  { scopes: ["read", "read"] },
  { scopes: ["everything"] },
  { expiresInDays: 0 },
  { expiresInDays: 366 },
  { expiresInDays: 1.5 },
  { userId: "usr_01JD8Z5K3QW8R4T6Y2X9V7B1CN" },
])("bad input is refused: %j", async (fields) => {
  await isRefused(world, () => create(fields), "input.invalid");
});

test("who is not signed in gets none", async () => {
  await isRefused(world, () => create({}, { kind: "anonymous" }), "session.required");
});

test("a token makes no other that may do more, or lives longer, than itself", async () => {
  const { secret } = await create();
  const { actor } = await authenticate(world.ctx({ kind: "anonymous" }), { bearer: secret });
  await isDenied(world, () => create({ scopes: ["credential"] }, actor), "token.create", "token.scope");
  await isDenied(world, () => create({ expiresInDays: 31 }, actor), "token.create", "token.outlives");
  await create({ scopes: ["read"], expiresInDays: 30 }, actor);
});

test("a token without the scope to administer makes no other", async () => {
  const { secret } = await create({ scopes: ["read"] });
  const { actor } = await authenticate(world.ctx({ kind: "anonymous" }), { bearer: secret });
  await isDenied(world, () => create({ scopes: ["read"] }, actor), "token.create", "token.scope");
});

test("a person has no more than so many tokens", async () => {
  for (let made = 0; made < tokenLimit; made += 1) await create();
  await isRefused(world, () => create(), "token.too-many");
  world.clock.advance({ days: 30 });
  await create();
});

test("two at once are two tokens", async () => {
  const made = await Promise.all([create(), create()]);
  expect(new Set(made.map(({ id }) => id)).size).toBe(2);
});
