import { planningGrant } from "@daypass/core/grant/grant.store.ts";
import { readMe } from "@daypass/core/identity/read-me.ts";
import { meView } from "@daypass/core/identity/user.view.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { plannedGrant } from "../catalog/planned-grant.ts";
import { find, registerServer } from "../catalog/shop.ts";
import { createWorld, type Person, type World } from "../harness.ts";
import { isDenied, isRefused, leavesNothing } from "../outcome.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const read = (who: Person, input: object = {}) =>
  readMe({ ...world.ctx(who), session: null }, input as never);

test("the page learns who is signed in, their roles and what waits for them", async () => {
  const { instance, network } = await registerServer(world);
  const [shop] = await find(world, instance.id, ["shop"]);
  if (!shop) throw new Error("no database");
  await commitAll(world, [planningGrant(world, plannedGrant(world, shop, network.id, "engineer"))]);
  const endsAt = world.clock.now();
  const me = await readMe({ ...world.ctx("engineer"), session: { csrfToken: "token", endsAt } }, {});
  expect(me).toEqual({
    user: { id: world.people.engineer.id, name: "Erin Vale", email: "erin.vale@example.com" },
    groups: ["engineers"],
    groupsUnknown: null,
    roles: ["member"],
    csrfToken: "token",
    sessionEndsAt: endsAt,
    inboxCount: 0,
    activeGrantCount: 1,
  });
  expect(meView.parse(me)).toEqual(me);
});

test("a token has no CSRF token and no session's end", async () => {
  expect(await read("lead")).toMatchObject({ csrfToken: null, sessionEndsAt: null });
});

test("bad input is refused", async () => {
  await isRefused(world, () => read("lead", { as: "administrator" }), "input.invalid");
});

test("who is not signed in is nobody", async () => {
  const ctx = { ...world.ctx({ kind: "anonymous" }), session: null };
  await isRefused(world, () => readMe(ctx, {}), "session.required");
});

test("a token without the scope to read is refused, and that is recorded", async () => {
  const id = "tok_01JD8Z5K3QW8R4T6Y2X9V7B1CN" as never;
  const actor = { ...world.actor("lead"), scopes: ["review"] as const, via: { kind: "token", id } as const };
  await isDenied(world, () => readMe({ ...world.ctx(actor), session: null }, {}), "me.read", "token.scope");
});

test("reading leaves no event", async () => {
  await leavesNothing(world, () => read("engineer"));
});
