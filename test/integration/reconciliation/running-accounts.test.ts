import { findGrant } from "@daypass/core/grant/grant.store.ts";
import { epochMs, plusMinutes } from "@daypass/core/kernel/clock.ts";
import type { Id } from "@daypass/core/kernel/ids.ts";
import { startReconciliation } from "@daypass/core/reconciliation/start-reconciliation.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createStory, type Story, workflow } from "../story.ts";
import { type Comparison, comparisonOf, fail } from "./comparison.ts";

let story: Story;
let comparison: Comparison;
beforeEach(async () => {
  story = await createStory();
  comparison = comparisonOf(story);
});
afterEach(() => story.world.close());

test("an account that is gone while its access lasts is an alarm, once, and never passed over", async () => {
  const grant = await story.activeGrant();
  story.server.accounts.delete(grant.account);
  const { events } = await story.world.watch(comparison.run);
  expect(events[0]).toMatchObject({
    operation: "grant.alarm",
    subjectId: grant.id,
    data: { cause: "missing" },
  });
  expect(await comparison.found()).toEqual([["missing", "alarm"]]);
  const again = await story.world.watch(comparison.run);
  expect(again.events.map(({ operation }) => operation)).toEqual(["instance.record-reconciliation"]);
  expect(await comparison.found()).toEqual([["missing", "alarm"]]);
  expect((await story.grant(grant.id)).state).toBe("active");
});

test("of many that are missing at once one tells of all by mail; and telling is no sign of a timer", async () => {
  for (let made = 0; made < 3; made += 1) await story.activeGrant();
  const timerSeenAt = (await story.activeGrant()).timerSeenAt;
  story.server.accounts.clear();
  story.world.clock.advance({ minutes: 1 });
  await startReconciliation(story.ctx("administrator"), { id: comparison.instanceId, mode: "repair" });
  const { events } = await story.world.watch(() => comparison.run(workflow));
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
  await comparison.run();
  expect(await comparison.found()).toEqual([["wrong-expiry", "expiry-set"]]);
  expect(story.server.accounts.get(grant.account)?.plan.expiresAtMs).toBe(
    epochMs(grant.endsAt ?? fail("no end")),
  );
});

test("rights that we did not give are told, and the account keeps running", async () => {
  const grant = await story.activeGrant();
  const account = story.server.accounts.get(grant.account) ?? fail("gone");
  story.server.accounts.set(grant.account, { ...account, extraRights: ["is a member of app_owner"] });
  const { events } = await story.world.watch(comparison.run);
  expect(events[0]).toMatchObject({
    operation: "grant.alarm",
    subjectId: grant.id,
    data: { cause: "altered", message: "It is a member of app_owner." },
  });
  const [difference] = (await comparison.last()).differences;
  expect(difference).toMatchObject({ kind: "extra-right", action: "alarm" });
  expect(story.server.opens(grant.account)).toBe(true);
  // Administrators are told once.
  const { events: later } = await story.world.watch(comparison.run);
  expect(later.map(({ operation }) => operation)).toEqual(["instance.record-reconciliation"]);
});
