import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { authenticate } from "@daypass/core/identity/authenticate.ts";
import { createToken } from "@daypass/core/identity/create-token.ts";
import { openSession } from "@daypass/core/identity/open-session.ts";
import { reinstateUser } from "@daypass/core/identity/reinstate-user.ts";
import { isCsrfToken } from "@daypass/core/identity/session.ts";
import { suspendUser } from "@daypass/core/identity/suspend-user.ts";
import { findUser } from "@daypass/core/identity/user.store.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createWorld, type Person, type World } from "../harness.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const enter = (credentials: Parameters<typeof authenticate>[1]) =>
  authenticate(world.ctx({ kind: "anonymous" }), credentials);
async function cookieOf(person: Person): Promise<string> {
  const { issuer, subject, name, email, groups } = world.people[person];
  const profile = { issuer, subject, name, email, groups: [...groups] };
  return (await openSession(world.ctx({ kind: "anonymous" }), profile)).cookie;
}
const suspend = (person: Person) =>
  suspendUser(world.ctx("administrator"), { id: world.people[person].id, reason: "left the company" });

test("a session carries its person with roles, all scopes, a CSRF token and its end", async () => {
  const cookie = await cookieOf("administrator");
  const { actor, session } = await enter({ cookie });
  expect(actor).toMatchObject({
    id: world.people.administrator.id,
    roles: ["administrator", "member"],
    via: { kind: "session" },
  });
  expect(actor.scopes).toContain("credential");
  if (!session) throw new Error("no session");
  expect(isCsrfToken(session, session.csrfToken)).toBe(true);
  expect(isCsrfToken(session, `${session.csrfToken} `)).toBe(false);
  expect(isCsrfToken(session, undefined)).toBe(false);
  const other = await enter({ cookie: await cookieOf("administrator") });
  expect(isCsrfToken(session, other.session?.csrfToken)).toBe(false);
});

test.for([undefined, "", "x", "x".repeat(43), "x".repeat(5000), "dpt_01JD8Z5K3QW8R4T6Y2X9V7B1CN"])(
  "a cookie that is none lets nobody in: %s",
  async (cookie) => {
    await expect(enter({ cookie })).rejects.toMatchObject({ kind: "unauthenticated" });
  },
);

test("a session ends after eight hours without use", async () => {
  const cookie = await cookieOf("engineer");
  world.clock.advance({ hours: 7, minutes: 59 });
  await enter({ cookie });
  world.clock.advance({ hours: 8 });
  await expect(enter({ cookie })).rejects.toMatchObject({ code: "session.ended" });
});

test("a session ends after 24 hours however much it is used", async () => {
  const cookie = await cookieOf("engineer");
  for (let hour = 1; hour < 24; hour += 1) {
    world.clock.advance({ hours: 1 });
    await enter({ cookie });
  }
  world.clock.advance({ hours: 1 });
  await expect(enter({ cookie })).rejects.toMatchObject({ code: "session.ended" });
});

test("use is noted at most every five minutes", async () => {
  const cookie = await cookieOf("engineer");
  const seen = async () => (await findUser(world, world.people.engineer.id))?.lastSeenAt;
  const before = await seen();
  world.clock.advance({ minutes: 4 });
  await enter({ cookie });
  expect(await seen()).toBe(before);
  const now = world.clock.advance({ minutes: 1 });
  await Promise.all([enter({ cookie }), enter({ cookie }), enter({ cookie })]);
  expect(await seen()).toBe(now);
});

test("suspension refuses at once, and reinstatement does not bring the session back", async () => {
  const cookie = await cookieOf("engineer");
  await suspend("engineer");
  await expect(enter({ cookie })).rejects.toMatchObject({ kind: "forbidden", code: "user.suspended" });
  await reinstateUser(world.ctx("administrator"), { id: world.people.engineer.id });
  await expect(enter({ cookie })).rejects.toMatchObject({ code: "session.ended" });
  world.clock.advance({ ms: 1 });
  await enter({ cookie: await cookieOf("engineer") });
});

test("a token carries its person cut down to its scopes, and no CSRF token", async () => {
  const input = { name: "ci", scopes: ["read"], expiresInDays: 30 } as const;
  const { secret, id } = await createToken(world.ctx("lead"), { ...input, scopes: [...input.scopes] });
  const { actor, session } = await enter({ bearer: secret });
  expect(actor).toMatchObject({ id: world.people.lead.id, scopes: ["read"], via: { kind: "token", id } });
  expect(session).toBeNull();
});

test("a token with a wrong secret, an expired one and one of a suspended person let nobody in", async () => {
  const { secret } = await createToken(world.ctx("lead"), { name: "ci", scopes: ["read"], expiresInDays: 1 });
  const wrong = `${secret.slice(0, -1)}${secret.endsWith("A") ? "B" : "A"}`;
  for (const bearer of [wrong, secret.slice(4), "dpt_", "", "Bearer x"]) {
    await expect(enter({ bearer })).rejects.toMatchObject({ code: "token.invalid" });
  }
  await suspend("lead");
  await expect(enter({ bearer: secret })).rejects.toMatchObject({ code: "user.suspended" });
  world.clock.advance({ days: 1 });
  await expect(enter({ bearer: secret })).rejects.toMatchObject({ code: "token.invalid" });
});

test("with a token and a cookie the token alone counts", async () => {
  const cookie = await cookieOf("administrator");
  await expect(enter({ cookie, bearer: "nonsense" })).rejects.toMatchObject({ code: "token.invalid" });
});

test("neither cookie nor token can be read from the table", async () => {
  const cookie = await cookieOf("engineer");
  const { secret } = await createToken(world.ctx("lead"), { name: "ci", scopes: ["read"], expiresInDays: 1 });
  const { Items } = await world.table.client.send(new ScanCommand({ TableName: world.table.name }));
  const dump = JSON.stringify(Items);
  expect(dump).not.toContain(cookie);
  expect(dump).not.toContain(secret.slice(-43));
});
