import { authenticate } from "@daypass/core/identity/authenticate.ts";
import { createToken } from "@daypass/core/identity/create-token.ts";
import { listTokens } from "@daypass/core/identity/list-tokens.ts";
import { tokenView } from "@daypass/core/identity/user.view.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createWorld, type World } from "../harness.ts";
import { isRefused, leavesNothing } from "../outcome.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const create = (name: string, expiresInDays: number, who: "engineer" | "lead" = "engineer") =>
  createToken(world.ctx(who), { name, scopes: ["read"], expiresInDays });

test("one's own tokens come newest first, with their last use and without their secret", async () => {
  await create("other", 30, "lead");
  const { secret } = await create("old", 30);
  await create("new", 10);
  await authenticate(world.ctx({ kind: "anonymous" }), { bearer: secret });
  const { items } = await listTokens(world.ctx("engineer"), {});
  expect(items.map(({ name, lastUsedAt }) => [name, lastUsedAt])).toEqual([
    ["new", null],
    ["old", world.clock.now()],
  ]);
  for (const item of items) expect(tokenView.parse(item)).toEqual(item);
});

test("expired ones are not shown", async () => {
  await create("short", 1);
  await create("long", 2);
  world.clock.advance({ days: 1 });
  const { items } = await listTokens(world.ctx("engineer"), {});
  expect(items.map(({ name }) => name)).toEqual(["long"]);
});

test("bad input is refused", async () => {
  const run = () => listTokens(world.ctx("engineer"), { userId: world.people.lead.id } as never);
  await isRefused(world, run, "input.invalid");
});

test("who is not signed in sees none", async () => {
  await isRefused(world, () => listTokens(world.ctx({ kind: "anonymous" }), {}), "session.required");
});

test("listing leaves no event", async () => {
  await leavesNothing(world, () => listTokens(world.ctx("engineer"), {}));
});
