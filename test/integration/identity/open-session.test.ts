import { authenticate } from "@daypass/core/identity/authenticate.ts";
import { listAllUsers } from "@daypass/core/identity/list-users.ts";
import { openSession } from "@daypass/core/identity/open-session.ts";
import type { Profile } from "@daypass/core/identity/profile.ts";
import { readMe } from "@daypass/core/identity/read-me.ts";
import { findUserBySubject, listUsers } from "@daypass/core/identity/user.store.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createWorld, type World } from "../harness.ts";
import { isDenied, leavesOneEvent } from "../outcome.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const mira: Profile = {
  issuer: "https://id.example.com",
  subject: "mira",
  name: "Mira Holt",
  email: "mira.holt@example.com",
  groups: ["engineers"],
};
const open = (profile: Partial<Profile> = {}) =>
  openSession(world.ctx({ kind: "anonymous" }), { ...mira, ...profile });

test("first sight makes the user, and exactly one event names the person as its actor", async () => {
  const event = await leavesOneEvent(world, () => open());
  const user = await findUserBySubject(world, mira.issuer, mira.subject);
  expect(user).toMatchObject({ ...mira, version: 1 });
  expect(event).toMatchObject({
    operation: "session.sign-in",
    actor: { kind: "user", id: user?.id, name: "Mira Holt", via: "session" },
    subjectId: user?.id,
    data: { firstSight: true, groups: ["engineers"] },
  });
});

test("name, mail and groups follow the provider at each sign-in; the person stays the same", async () => {
  await open();
  const before = await findUserBySubject(world, mira.issuer, mira.subject);
  await open({ name: "Mira Holt-Ito", email: "mira@example.com", groups: ["administrators"] });
  const after = await findUserBySubject(world, mira.issuer, mira.subject);
  expect(after).toMatchObject({
    id: before?.id,
    name: "Mira Holt-Ito",
    groups: ["administrators"],
    version: 2,
  });
});

describe("a sign-in that does not say the groups", () => {
  const unsaid: Partial<Profile> = { groups: [], groupsUnknown: "elsewhere" };
  const found = () => findUserBySubject(world, mira.issuer, mira.subject);

  test("is refused where none are known, and the event says to an administrator why", async () => {
    await isDenied(world, () => open(unsaid), "session.sign-in", "sign-in.groups-unknown");
    const [event] = await world.events();
    expect(event?.actor.name).toBe("Mira Holt");
    expect(event?.data["message"]).toMatch(/_claim_names.*signIn\.groups/);
    expect(await found()).toBeUndefined();
  });

  test("keeps the last known ones, which give no rights, and says since when", async () => {
    await open({ groups: ["administrators", "engineers"] });
    const since = world.clock.advance({ hours: 1 });
    const event = await leavesOneEvent(world, () => open(unsaid));
    expect(event.data).toMatchObject({
      groups: [],
      groupsUnknownSince: since,
      lastKnownGroups: ["administrators", "engineers"],
    });
    world.clock.advance({ hours: 1 });
    const { cookie } = await open({ groups: [], groupsUnknown: "absent" });
    const groupsUnknown = { since, cause: "absent", lastKnown: ["administrators", "engineers"] };
    expect(await found()).toMatchObject({ groups: [], groupsUnknown });
    const { actor } = await authenticate(world.ctx({ kind: "anonymous" }), { cookie });
    expect(actor).toMatchObject({ groups: [], groupsUnknown, roles: ["member"] });
    const shown = {
      groups: ["administrators", "engineers"],
      groupsUnknown: { since, cause: "absent" },
      roles: ["member"],
    };
    expect(await readMe({ ...world.ctx(actor), session: null }, {})).toMatchObject(shown);
    const { items } = await listAllUsers(world.ctx("administrator"), { q: "mira", limit: 10 });
    expect(items).toMatchObject([shown]);
  });

  test("is over with the next one that says them, also that there are none", async () => {
    await open();
    await open(unsaid);
    await open({ groups: [] });
    expect(await found()).not.toHaveProperty("groupsUnknown");
    await open(unsaid);
    expect(await found()).toMatchObject({ groupsUnknown: { lastKnown: [] } });
  });

  test("cannot name groups at the same time", async () => {
    const run = () => open({ ...unsaid, groups: ["administrators"] });
    await expect(run()).rejects.toMatchObject({ code: "input.invalid" });
  });
});

test("the same subject of another issuer is another person", async () => {
  await open();
  await open({ issuer: "https://other.example.com" });
  const { items } = await listUsers(world, { q: "mira", limit: 10 });
  expect(items).toHaveLength(2);
});

test("what was opened lets in", async () => {
  const { cookie } = await open();
  const { actor } = await authenticate(world.ctx({ kind: "anonymous" }), { cookie });
  expect(actor).toMatchObject({ name: "Mira Holt", roles: ["member"] });
});

test("a suspended person is refused, gets no session, and that is recorded under their name", async () => {
  const { name, email, issuer, subject } = world.people.suspended;
  const run = () => open({ name, email, issuer, subject });
  await isDenied(world, run, "session.sign-in", "user.suspended");
  const [event] = await world.events();
  expect(event).toMatchObject({
    actor: { id: world.people.suspended.id },
    subjectId: world.people.suspended.id,
  });
});

test("many first sign-ins at once make one user, and each gets its session", async () => {
  const opened = await Promise.all([open(), open(), open()]);
  expect(new Set(opened.map(({ session }) => session.userId)).size).toBe(1);
  expect(new Set(opened.map(({ cookie }) => cookie)).size).toBe(3);
  const { items } = await listUsers(world, { q: "mira", limit: 10 });
  expect(items).toHaveLength(1);
});

test("a profile out of bounds is refused", async () => {
  await expect(open({ subject: "" })).rejects.toMatchObject({ code: "input.invalid" });
  await expect(open({ subject: "x".repeat(256) })).rejects.toMatchObject({ code: "input.invalid" });
});
