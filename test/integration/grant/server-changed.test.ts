import { presentGrant } from "@daypass/core/grant/present-grant.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createStory, type Story } from "../story.ts";

let story: Story;
beforeEach(async () => {
  story = await createStory();
});
afterEach(() => story.world.close());

const elsewhere = "other.example.com";

/** A running grant on the first server, whose instance then points elsewhere; and its end has come. */
async function pointedElsewhere(identity: string | null, isCopy = false) {
  const grant = await story.activeGrant();
  const other = story.server.addServer(elsewhere, identity, isCopy ? story.server.accounts : undefined);
  story.server.host = elsewhere;
  story.world.clock.advance({ minutes: 60 });
  return { id: grant.id, account: grant.account, other };
}
const state = async (id: Parameters<Story["grant"]>[0]) => (await story.grant(id)).state;

test("which server makes the account is on record before it is made", async () => {
  const { id } = await story.plannedGrant();
  story.server.faults.push("before");
  await story.turn(id);
  expect(story.server.accounts.size).toBe(0);
  expect(await story.grant(id)).toMatchObject({
    state: "provisioning",
    server: { host: "db.example.com", port: 5432, identity: "one" },
  });
});

test("an instance that points to another server: the account is taken back where it is, and only then it is revoked", async () => {
  const { id, account } = await pointedElsewhere("two");
  await story.turn(id);
  expect(story.server.accounts.has(account)).toBe(false);
  expect(await state(id)).toBe("revoked");
});

test("revoked is not said of a server that never had the account, as long as the first one is away", async () => {
  const { id, account } = await pointedElsewhere("two");
  story.server.isUp = false;
  await story.turn(id);
  const grant = await story.grant(id);
  expect(grant).toMatchObject({
    state: "revoking",
    failure: { step: "revoke", reason: "server-changed", attempts: 1 },
  });
  expect(grant.failure?.message).toContain("db.example.com:5432");
  expect(grant.failure?.remedy).toHaveLength(2);
  expect(grant.failure?.blockers).toEqual([
    "made on db.example.com:5432 (one)",
    "found other.example.com:5432 (two)",
  ]);
  story.world.clock.advance({ minutes: 30 });
  await story.turn(id);
  expect(await story.grant(id)).toMatchObject({ state: "revoking", failure: { attempts: 2 } });
  expect(presentGrant(story.ctx("administrator"), await story.grant(id)).may.writeOff).toBe(true);
  story.server.isUp = true;
  story.world.clock.advance({ minutes: 5 });
  await story.turn(id);
  expect(await state(id)).toBe("revoked");
  expect(story.server.accounts.has(account)).toBe(false);
});

test("a first server that no longer takes the administrator's credential keeps it unrevoked", async () => {
  const { id } = await pointedElsewhere("two");
  story.server.first.refuses = true;
  await story.turn(id);
  expect(await story.grant(id)).toMatchObject({ failure: { reason: "server-changed" } });
  // Not even the same identity helps: what refuses us there may be the original of a copy.
  story.server.addServer(elsewhere, "one");
  story.world.clock.advance({ minutes: 5 });
  await story.turn(id);
  expect(await state(id)).toBe("revoking");
});

test("the same server under a new name, or after a failover, is the same server", async () => {
  const { id, other } = await pointedElsewhere("one", true);
  story.server.isUp = false;
  await story.turn(id);
  expect(await state(id)).toBe("revoked");
  expect(other.accounts.size).toBe(0);
});

test("of a server and its copy, both of which answer, both are seen to", async () => {
  const { id, other } = await pointedElsewhere("one", true);
  await story.turn(id);
  expect(await state(id)).toBe("revoked");
  expect([...story.server.accounts.keys(), ...other.accounts.keys()]).toEqual([]);
});

test("a server put in place of the first, or upgraded under a new identity, is cleaned and proves nothing", async () => {
  const { id, account } = await story.activeGrant();
  story.server.first.identity = "upgraded";
  story.world.clock.advance({ minutes: 60 });
  await story.turn(id);
  expect(story.server.accounts.has(account)).toBe(false);
  expect(await story.grant(id)).toMatchObject({ state: "revoking", failure: { reason: "server-changed" } });
});

test("a server that no longer tells its identity proves nothing either", async () => {
  const { id } = await story.activeGrant();
  story.server.first.identity = null;
  story.world.clock.advance({ minutes: 60 });
  await story.turn(id);
  expect(await story.grant(id)).toMatchObject({ state: "revoking", failure: { reason: "server-changed" } });
});

test("where a server never told its identity, its address counts", async () => {
  story.server.first.identity = null;
  const kept = await story.activeGrant();
  const { id } = await pointedElsewhere(null);
  story.server.isUp = false;
  await story.turn(id);
  expect(await story.grant(id)).toMatchObject({ failure: { reason: "server-changed" } });
  story.server.isUp = true;
  story.server.host = "db.example.com";
  story.world.clock.advance({ minutes: 1 });
  await story.turn(kept.id);
  expect(await state(kept.id)).toBe("revoked");
});

test("an account that may exist on the first server is never made on a second one", async () => {
  const { id, account } = await story.plannedGrant();
  story.server.faults.push(undefined, "after");
  await story.turn(id);
  expect(story.server.accounts.has(account)).toBe(true);
  const other = story.server.addServer(elsewhere, "two");
  story.server.host = elsewhere;
  story.world.clock.advance({ minutes: 1 });
  await story.turn(id);
  expect(await story.grant(id)).toMatchObject({
    state: "provisioning",
    server: { host: "db.example.com", identity: "one" },
    failure: { step: "provision", reason: "server-changed" },
  });
  expect(other.accounts.size).toBe(0);
  story.world.clock.advance({ minutes: 31 });
  await story.turn(id);
  expect(await state(id)).toBe("revoked");
  expect(story.server.accounts.size).toBe(0);
});

test("what an attempt may have made at the first address is never made at a second, whatever identity answers there", async () => {
  const { id, account } = await story.plannedGrant();
  story.server.faults.push(undefined, "after");
  await story.turn(id);
  const copy = story.server.addServer(elsewhere, "one");
  story.server.host = elsewhere;
  story.world.clock.advance({ minutes: 1 });
  await story.turn(id);
  expect(await story.grant(id)).toMatchObject({
    state: "provisioning",
    server: { host: "db.example.com" },
    failure: { step: "provision", reason: "server-changed" },
  });
  expect([story.server.accounts.has(account), copy.accounts.has(account)]).toEqual([true, false]);
  story.world.clock.advance({ minutes: 31 });
  await story.turn(id);
  expect(await state(id)).toBe("revoked");
  expect([story.server.accounts.has(account), copy.accounts.has(account)]).toEqual([false, false]);
});

test("an extension is told at the address that the holder was given, also when a copy stands in for it", async () => {
  const { id, account } = await story.activeGrant();
  const copy = story.server.addServer(elsewhere, "one", story.server.accounts);
  story.server.host = elsewhere;
  const untilOf = (accounts: typeof copy.accounts) => accounts.get(account)?.plan.expiresAtMs ?? 0;
  const before = untilOf(copy.accounts);
  await story.approve((await story.extend(id)).id);
  await story.turn(id);
  expect(untilOf(story.server.accounts)).toBe(Date.parse((await story.grant(id)).endsAt ?? ""));
  expect(untilOf(story.server.accounts)).toBeGreaterThan(before);
  expect(untilOf(copy.accounts)).toBe(before);
});

test("an extension is not told to another server: it is undone, and access ends when the first one thinks", async () => {
  const { id, endsAt } = await story.activeGrant();
  await story.approve((await story.extend(id)).id);
  story.server.addServer(elsewhere, "two", story.server.accounts);
  story.server.host = elsewhere;
  await story.turn(id);
  expect(await story.grant(id)).toMatchObject({ failure: { step: "extend", reason: "server-changed" } });
  story.server.host = "db.example.com";
  story.world.clock.advance({ minutes: 60 });
  await story.turn(id);
  expect((await story.grant(id)).endsAt).toBe(endsAt);
});

test("a record from before this was kept ends as it did then", async () => {
  const { commitAll } = await import("@daypass/core/kernel/table.ts");
  const { savingGrant } = await import("@daypass/core/grant/grant.store.ts");
  const { server: _server, ...old } = await story.activeGrant();
  await commitAll(story.world, [savingGrant(story.world, { ...old, version: old.version + 1 })]);
  story.world.clock.advance({ minutes: 60 });
  await story.turn(old.id);
  expect(await state(old.id)).toBe("revoked");
});
