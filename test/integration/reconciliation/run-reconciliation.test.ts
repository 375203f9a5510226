import { findComparisonDue } from "@daypass/core/catalog/last-plan.store.ts";
import { endGrant } from "@daypass/core/grant/end-grant.ts";
import { findGrant } from "@daypass/core/grant/grant.store.ts";
import { epochMs, plusMinutes } from "@daypass/core/kernel/clock.ts";
import { listOrphans } from "@daypass/core/reconciliation/orphan.store.ts";
import { startReconciliation } from "@daypass/core/reconciliation/start-reconciliation.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createStory, type Story, sweeper, workflow } from "../story.ts";
import { type Comparison, comparisonOf, fail } from "./comparison.ts";

let story: Story;
let comparison: Comparison;
beforeEach(async () => {
  story = await createStory();
  comparison = comparisonOf(story);
});
afterEach(() => story.world.close());

test("on a clean system nothing is said, and what was compared is", async () => {
  await story.activeGrant();
  await comparison.revokedGrant();
  await story.plannedGrant();
  await comparison.run();
  expect(await comparison.last()).toMatchObject({
    status: "done",
    mode: "repair",
    accountCount: 1,
    grantCount: 2,
    differences: [],
    differenceCount: 0,
  });
});

test("an account that is revoked between listing and looking is no difference", async () => {
  const { id } = await story.activeGrant();
  await endGrant(story.ctx("engineer"), { id });
  story.server.meanwhile = async () => void (await story.turn(id));
  await comparison.run();
  expect(await comparison.found()).toEqual([]);
});

test("what the ledger has as revoked and is there is taken back again, and told: the ledger alone is not believed", async () => {
  const grant = await comparison.revokedGrant();
  const plan = {
    name: grant.account,
    grantId: grant.id,
    database: "shop",
    level: grant.level,
    scope: grant.scope,
    expiresAtMs: epochMs(plusMinutes(story.world.clock.now(), 600)),
  };
  story.server.accounts.set(grant.account, { plan, password: "x", canLogin: true });
  const { events } = await story.world.watch(comparison.run);
  expect(events.map(({ operation }) => operation)).toEqual(["grant.alarm", "instance.record-reconciliation"]);
  expect(events[0]).toMatchObject({ story: grant.story, data: { cause: "reappeared" } });
  expect(await comparison.found()).toEqual([["not-dropped", "revoked"]]);
  expect(story.server.accounts.size).toBe(0);
  expect(await findGrant(story.world, grant.id)).toMatchObject({ state: "revoked" });
});

test("what cannot be proven to be ours is never touched: renamed, or with a marker that does not fit", async () => {
  const grant = await story.activeGrant();
  const account = story.server.accounts.get(grant.account) ?? fail("gone");
  story.server.accounts.delete(grant.account);
  story.server.accounts.set("keep_me", { ...account, renamedFrom: grant.account });
  const other = comparison.stray();
  const odd = story.server.accounts.get(other) ?? fail("gone");
  story.server.accounts.set(other, { ...odd, plan: { ...odd.plan, grantId: "by-hand" } });
  const before = new Map(story.server.accounts);
  await comparison.run();
  expect(new Map(await comparison.found())).toEqual(
    new Map([
      ["renamed", "none"],
      ["marker-mismatch", "none"],
    ]),
  );
  expect(story.server.accounts).toEqual(before);
});

test("a dry run says what differs and touches nothing, neither accounts nor grants nor the list of what waits", async () => {
  comparison.stray();
  const grant = await story.activeGrant();
  story.server.accounts.delete(grant.account);
  const before = new Map(story.server.accounts);
  const version = (await story.grant(grant.id)).version;
  await comparison.dryRun();
  expect(new Map(await comparison.found())).toEqual(
    new Map([
      ["unknown", "none"],
      ["missing", "none"],
    ]),
  );
  expect(story.server.accounts).toEqual(before);
  expect((await story.grant(grant.id)).version).toBe(version);
  expect(await listOrphans(story.world, comparison.instanceId)).toEqual([]);
  expect(await comparison.last()).toMatchObject({ mode: "dry-run", startedBy: "Priya Castell" });
});

test("a server that is away is a failure on record, with its cause, and is tried again", async () => {
  await story.activeGrant();
  story.server.isUp = false;
  await comparison.run();
  expect(await comparison.last()).toMatchObject({ status: "failed", error: "The server cannot be reached." });
  const due = await findComparisonDue(story.world, comparison.instanceId);
  expect(due?.compareAt).toBe(plusMinutes(story.world.clock.now(), 5));
});

test("an instance that points to another server: its running accounts are missing there, and nothing is done to it", async () => {
  const grant = await story.activeGrant();
  const copy = story.server.addServer("copy.example.com", "two", story.server.accounts);
  story.server.host = "copy.example.com";
  await comparison.run();
  expect(new Set((await comparison.found()).map(([kind]) => kind))).toEqual(
    new Set(["missing", "marker-mismatch"]),
  );
  expect(story.server.opens(grant.account, copy)).toBe(true);
});

test("the workflow repeats no run that is over, and the sweeper disturbs none that is under way", async () => {
  await comparison.dryRun();
  const { run: done, version } = await comparison.last();
  await comparison.run(workflow);
  expect(await comparison.last()).toMatchObject({ run: done, version });
  await startReconciliation(story.ctx("administrator"), { id: comparison.instanceId, mode: "dry-run" });
  await comparison.run(sweeper);
  expect(await comparison.last()).toMatchObject({ status: "running", mode: "dry-run" });
});

test("a grant that is planned while the comparison is recorded makes the next one due", async () => {
  await story.activeGrant();
  story.world.clock.advance({ minutes: 1 });
  story.server.meanwhile = async () => void (await story.plannedGrant());
  await comparison.run();
  expect((await comparison.last()).status).toBe("done");
});
