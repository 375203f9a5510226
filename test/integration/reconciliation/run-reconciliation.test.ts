import { findComparisonDue } from "@daypass/core/catalog/last-plan.store.ts";
import { endGrant } from "@daypass/core/grant/end-grant.ts";
import { findGrant } from "@daypass/core/grant/grant.store.ts";
import { accountName } from "@daypass/core/grant/grant.ts";
import { epochMs, plusMinutes } from "@daypass/core/kernel/clock.ts";
import type { Actor } from "@daypass/core/kernel/context.ts";
import { type Id, newId } from "@daypass/core/kernel/ids.ts";
import { listOrphans } from "@daypass/core/reconciliation/orphan.store.ts";
import { findReconciliation } from "@daypass/core/reconciliation/reconciliation.store.ts";
import { runReconciliation } from "@daypass/core/reconciliation/run-reconciliation.ts";
import { startReconciliation } from "@daypass/core/reconciliation/start-reconciliation.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createStory, type Story, sweeper, workflow } from "../story.ts";

let story: Story;
beforeEach(async () => {
  story = await createStory();
});
afterEach(() => story.world.close());

const instanceId = () => story.registered.instance.id;
const run = (actor: Actor = sweeper) => runReconciliation(story.server.broker(actor), instanceId());
const dryRun = async () => {
  await startReconciliation(story.ctx("administrator"), { id: instanceId(), mode: "dry-run" });
  await run(workflow);
};
const last = async () =>
  (await findReconciliation(story.world, instanceId())) ?? fail("nothing is on record");
const found = async () => (await last()).differences.map(({ kind, action }) => [kind, action] as const);
function fail(message: string): never {
  throw new Error(message);
}

/** An account of ours that the ledger knows nothing of. */
function stray(): string {
  const grantId = newId("grant", story.world.ids);
  const name = accountName(grantId);
  const plan = {
    name,
    grantId,
    database: "shop",
    level: "read" as const,
    scope: { kind: "database" as const },
    expiresAtMs: epochMs(plusMinutes(story.world.clock.now(), 600)),
  };
  story.server.accounts.set(name, { plan, password: "x", canLogin: true });
  return name;
}

async function revokedGrant() {
  const { id } = await story.activeGrant();
  await endGrant(story.ctx("engineer"), { id });
  await story.turn(id);
  return story.grant(id);
}

test("on a clean system nothing is said, and what was compared is", async () => {
  await story.activeGrant();
  await revokedGrant();
  await story.plannedGrant();
  await run();
  expect(await last()).toMatchObject({
    status: "done",
    mode: "repair",
    accountCount: 1,
    grantCount: 2,
    differences: [],
    differenceCount: 0,
  });
});

describe("an account that no grant knows", () => {
  test("is closed at once, told, and dropped only after a day", async () => {
    const name = stray();
    const { events } = await story.world.watch(run);
    expect(events.map(({ operation, outcome }) => [operation, outcome])).toEqual([
      ["instance.record-orphan", "failed"],
      ["instance.record-reconciliation", "done"],
    ]);
    expect(story.server.opens(name)).toBe(false);
    expect(story.server.accounts.has(name)).toBe(true);
    expect(await found()).toEqual([["unknown", "quarantined"]]);
    story.world.clock.advance({ minutes: 1439 });
    await run();
    expect(await found()).toEqual([["unknown", "quarantined"]]);
    story.world.clock.advance({ minutes: 1 });
    await run();
    expect(await found()).toEqual([["unknown", "dropped"]]);
    expect(story.server.accounts.size).toBe(0);
    expect(await listOrphans(story.world, instanceId())).toEqual([]);
    await run();
    expect(await found()).toEqual([]);
  });

  test("that somebody opens again by hand is closed again", async () => {
    const name = stray();
    await run();
    const account = story.server.accounts.get(name) ?? fail("gone");
    story.server.accounts.set(name, { ...account, canLogin: true });
    await run();
    expect(story.server.opens(name)).toBe(false);
  });

  test("and that cannot be dropped says why, and is tried again", async () => {
    stray();
    await run();
    story.world.clock.advance({ days: 1 });
    story.server.faults.push(undefined, undefined, "quarantine");
    await run();
    const [difference] = (await last()).differences;
    expect(difference).toMatchObject({ kind: "unknown", action: "failed" });
    expect(difference?.message).toContain("table public.leftover");
    expect(await listOrphans(story.world, instanceId())).toHaveLength(1);
    await run();
    expect(await found()).toEqual([["unknown", "dropped"]]);
  });

  test("whose grant is known again, as after the right table was restored, waits for nothing", async () => {
    const name = stray();
    await run();
    const account = story.server.accounts.get(name) ?? fail("gone");
    const { id, account: real } = await story.activeGrant();
    // The account that was closed turns out to be that of a grant.
    story.server.accounts.set(real, { ...account, plan: { ...account.plan, name: real, grantId: id } });
    story.server.accounts.delete(name);
    const { events } = await story.world.watch(run);
    expect(events[0]).toMatchObject({ operation: "instance.record-orphan", data: { what: "gone" } });
    expect(await found()).toContainEqual(["denied", "alarm"]);
    expect((await story.grant(id)).state).toBe("active");
  });

  test("is announced before it is touched: a server that fails then leaves the announcement", async () => {
    const name = stray();
    story.server.faults.push(undefined, undefined, "before");
    await run();
    expect(await found()).toEqual([["unknown", "failed"]]);
    expect(await listOrphans(story.world, instanceId())).toMatchObject([{ account: name }]);
    await run();
    expect(await found()).toEqual([["unknown", "quarantined"]]);
    expect(story.server.opens(name)).toBe(false);
  });

  test("of very many each is closed, and all are counted", async () => {
    for (let count = 0; count < 120; count += 1) stray();
    await run();
    expect((await last()).differences).toHaveLength(100);
    expect(await last()).toMatchObject({ differenceCount: 120, accountCount: 120 });
    expect([...story.server.accounts.values()].filter(({ canLogin }) => canLogin)).toEqual([]);
  });
});

test("an account whose grant is being provisioned right now is no orphan", async () => {
  const { id } = await story.plannedGrant();
  let seen: unknown;
  story.server.meanwhile = async () => {
    await run();
    seen = (await last()).differences;
  };
  await story.turn(id);
  expect(seen).toEqual([]);
  expect((await story.grant(id)).state).toBe("active");
});

test("an account that is revoked between listing and looking is no difference", async () => {
  const { id } = await story.activeGrant();
  await endGrant(story.ctx("engineer"), { id });
  story.server.meanwhile = async () => void (await story.turn(id));
  await run();
  expect(await found()).toEqual([]);
});

test("what the ledger has as revoked and is there is taken back again, and told: the ledger alone is not believed", async () => {
  const grant = await revokedGrant();
  const plan = {
    name: grant.account,
    grantId: grant.id,
    database: "shop",
    level: grant.level,
    scope: grant.scope,
    expiresAtMs: epochMs(plusMinutes(story.world.clock.now(), 600)),
  };
  story.server.accounts.set(grant.account, { plan, password: "x", canLogin: true });
  const { events } = await story.world.watch(run);
  expect(events.map(({ operation }) => operation)).toEqual(["grant.alarm", "instance.record-reconciliation"]);
  expect(events[0]).toMatchObject({ story: grant.story, data: { cause: "reappeared" } });
  expect(await found()).toEqual([["not-dropped", "revoked"]]);
  expect(story.server.accounts.size).toBe(0);
  expect(await findGrant(story.world, grant.id)).toMatchObject({ state: "revoked" });
});

test("an account that is gone while its access lasts is an alarm, once, and never passed over", async () => {
  const grant = await story.activeGrant();
  story.server.accounts.delete(grant.account);
  const { events } = await story.world.watch(run);
  expect(events[0]).toMatchObject({
    operation: "grant.alarm",
    subjectId: grant.id,
    data: { cause: "missing" },
  });
  expect(await found()).toEqual([["missing", "alarm"]]);
  const again = await story.world.watch(run);
  expect(again.events.map(({ operation }) => operation)).toEqual(["instance.record-reconciliation"]);
  expect(await found()).toEqual([["missing", "alarm"]]);
  expect((await story.grant(grant.id)).state).toBe("active");
});

test("of many that are missing at once one tells of all by mail; and telling is no sign of a timer", async () => {
  for (let made = 0; made < 3; made += 1) await story.activeGrant();
  const timerSeenAt = (await story.activeGrant()).timerSeenAt;
  story.server.accounts.clear();
  story.world.clock.advance({ minutes: 1 });
  await startReconciliation(story.ctx("administrator"), { id: instanceId(), mode: "repair" });
  const { events } = await story.world.watch(() => run(workflow));
  const alarms = events.filter(({ operation }) => operation === "grant.alarm");
  expect(alarms.filter(({ data }) => data["quiet"] === false)).toMatchObject([{ data: { others: 3 } }]);
  expect(alarms).toHaveLength(4);
  for (const { subjectId } of alarms) {
    expect(await findGrant(story.world, subjectId as Id<"grant">)).toMatchObject({ timerSeenAt });
  }
});

test("a later end that somebody set by hand is set back to the ledger's", async () => {
  const grant = await story.activeGrant();
  const account = story.server.accounts.get(grant.account) ?? fail("gone");
  const forever = { ...account.plan, expiresAtMs: epochMs(plusMinutes(story.world.clock.now(), 99_999)) };
  story.server.accounts.set(grant.account, { ...account, plan: forever });
  await run();
  expect(await found()).toEqual([["wrong-expiry", "expiry-set"]]);
  expect(story.server.accounts.get(grant.account)?.plan.expiresAtMs).toBe(
    epochMs(grant.endsAt ?? fail("no end")),
  );
});

test("rights that we did not give are told, and the account keeps running", async () => {
  const grant = await story.activeGrant();
  const account = story.server.accounts.get(grant.account) ?? fail("gone");
  story.server.accounts.set(grant.account, { ...account, extraRights: ["is a member of app_owner"] });
  const { events } = await story.world.watch(run);
  expect(events[0]).toMatchObject({
    operation: "grant.alarm",
    subjectId: grant.id,
    data: { cause: "altered", message: "It is a member of app_owner." },
  });
  const [difference] = (await last()).differences;
  expect(difference).toMatchObject({ kind: "extra-right", action: "alarm" });
  expect(story.server.opens(grant.account)).toBe(true);
  // Administrators are told once.
  const { events: later } = await story.world.watch(run);
  expect(later.map(({ operation }) => operation)).toEqual(["instance.record-reconciliation"]);
});

test("what cannot be proven to be ours is never touched: renamed, or with a marker that does not fit", async () => {
  const grant = await story.activeGrant();
  const account = story.server.accounts.get(grant.account) ?? fail("gone");
  story.server.accounts.delete(grant.account);
  story.server.accounts.set("keep_me", { ...account, renamedFrom: grant.account });
  const other = stray();
  const odd = story.server.accounts.get(other) ?? fail("gone");
  story.server.accounts.set(other, { ...odd, plan: { ...odd.plan, grantId: "by-hand" } });
  const before = new Map(story.server.accounts);
  await run();
  expect(new Map(await found())).toEqual(
    new Map([
      ["renamed", "none"],
      ["marker-mismatch", "none"],
    ]),
  );
  expect(story.server.accounts).toEqual(before);
});

test("a dry run says what differs and touches nothing, neither accounts nor grants nor the list of what waits", async () => {
  stray();
  const grant = await story.activeGrant();
  story.server.accounts.delete(grant.account);
  const before = new Map(story.server.accounts);
  const version = (await story.grant(grant.id)).version;
  await dryRun();
  expect(new Map(await found())).toEqual(
    new Map([
      ["unknown", "none"],
      ["missing", "none"],
    ]),
  );
  expect(story.server.accounts).toEqual(before);
  expect((await story.grant(grant.id)).version).toBe(version);
  expect(await listOrphans(story.world, instanceId())).toEqual([]);
  expect(await last()).toMatchObject({ mode: "dry-run", startedBy: "Priya Castell" });
});

describe("a restored table", () => {
  test("set back in time: the accounts whose grants it forgot are closed and kept, not dropped", async () => {
    const names = [stray(), stray(), stray()];
    await run();
    expect(names.map((name) => story.server.opens(name))).toEqual([false, false, false]);
    expect([...story.server.accounts.keys()]).toEqual(names);
  });

  test("set back together with what waited: the grace period begins anew, nothing is dropped early", async () => {
    const name = stray();
    await run();
    story.world.clock.advance({ hours: 23 });
    // The record of it is gone with the table.
    const [orphan] = await listOrphans(story.world, instanceId());
    const { recordOrphan } = await import("@daypass/core/reconciliation/record-orphan.ts");
    await recordOrphan(story.world.ctx(workflow), {
      outcome: "gone",
      instanceId: instanceId(),
      account: name,
      grantId: orphan?.grantId ?? fail("no orphan"),
    });
    await run();
    story.world.clock.advance({ hours: 2 });
    await run();
    expect(await found()).toEqual([["unknown", "quarantined"]]);
    expect(story.server.accounts.has(name)).toBe(true);
  });
});

test("a server that is away is a failure on record, with its cause, and is tried again", async () => {
  await story.activeGrant();
  story.server.isUp = false;
  await run();
  expect(await last()).toMatchObject({ status: "failed", error: "The server cannot be reached." });
  const due = await findComparisonDue(story.world, instanceId());
  expect(due?.compareAt).toBe(plusMinutes(story.world.clock.now(), 5));
});

test("an instance that points to another server: its running accounts are missing there, and nothing is done to it", async () => {
  const grant = await story.activeGrant();
  const copy = story.server.addServer("copy.example.com", "two", story.server.accounts);
  story.server.host = "copy.example.com";
  await run();
  expect(new Set((await found()).map(([kind]) => kind))).toEqual(new Set(["missing", "marker-mismatch"]));
  expect(story.server.opens(grant.account, copy)).toBe(true);
});

test("the workflow repeats no run that is over, and the sweeper disturbs none that is under way", async () => {
  await dryRun();
  const { run: done, version } = await last();
  await run(workflow);
  expect(await last()).toMatchObject({ run: done, version });
  await startReconciliation(story.ctx("administrator"), { id: instanceId(), mode: "dry-run" });
  await run(sweeper);
  expect(await last()).toMatchObject({ status: "running", mode: "dry-run" });
});

test("a grant that is planned while the comparison is recorded makes the next one due", async () => {
  await story.activeGrant();
  story.world.clock.advance({ minutes: 1 });
  story.server.meanwhile = async () => void (await story.plannedGrant());
  await run();
  expect((await last()).status).toBe("done");
});
