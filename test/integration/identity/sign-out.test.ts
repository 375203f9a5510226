import { authenticate } from "@daypass/core/identity/authenticate.ts";
import { openSession } from "@daypass/core/identity/open-session.ts";
import { createOpenId } from "@daypass/core/identity/openid.ts";
import { signOut } from "@daypass/core/identity/sign-out.ts";
import type { Actor } from "@daypass/core/kernel/context.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createWorld, type World } from "../harness.ts";
import { isDenied, isRefused, leavesOneEvent, oneWins } from "../outcome.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

/** The provider is away: signing out here must not wait for it. */
const openid = createOpenId({
  issuer: "http://127.0.0.1:9",
  clientId: "daypass",
  clientSecret: "x",
  redirectUri: "http://127.0.0.1:4400/api/sign-in/callback",
  postLogoutRedirectUri: "http://127.0.0.1:4400/",
  scope: "openid",
  groupsClaim: "groups",
  clientAuthentication: "basic",
});
const leave = (actor: Actor, input: object = {}) => signOut({ ...world.ctx(actor), openid }, input as never);

async function enter() {
  const { issuer, subject, name, email, groups } = world.people.engineer;
  const profile = { issuer, subject, name, email, groups: [...groups] };
  const { cookie } = await openSession(world.ctx({ kind: "anonymous" }), profile);
  return { cookie, ...(await authenticate(world.ctx({ kind: "anonymous" }), { cookie })) };
}

test("a session that was signed out lets nobody in, and exactly one event says so", async () => {
  const { cookie, actor } = await enter();
  const event = await leavesOneEvent(world, () => leave(actor));
  expect(event).toMatchObject({ operation: "session.sign-out", subjectId: world.people.engineer.id });
  await expect(authenticate(world.ctx({ kind: "anonymous" }), { cookie })).rejects.toMatchObject({
    code: "session.ended",
  });
});

test("only this session ends", async () => {
  const { actor } = await enter();
  const { cookie } = await enter();
  await leave(actor);
  await authenticate(world.ctx({ kind: "anonymous" }), { cookie });
});

test("bad input is refused", async () => {
  const { actor } = await enter();
  await isRefused(world, () => leave(actor, { all: true }), "input.invalid");
});

test("a token has no session to end", async () => {
  const id = "tok_01JD8Z5K3QW8R4T6Y2X9V7B1CN" as never;
  const actor = { ...world.actor("engineer"), via: { kind: "token", id } as const };
  await isDenied(world, () => leave(actor), "session.sign-out", "token.scope");
});

test("of two at once one signs out", async () => {
  const { actor } = await enter();
  await oneWins(world, [() => leave(actor), () => leave(actor)], "session.ended");
});
