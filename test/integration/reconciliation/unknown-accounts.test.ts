import { listOrphans } from "@daypass/core/reconciliation/orphan.store.ts";
import { recordOrphan } from "@daypass/core/reconciliation/record-orphan.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createStory, type Story, workflow } from "../story.ts";
import { type Comparison, comparisonOf, fail } from "./comparison.ts";

let story: Story;
let comparison: Comparison;
beforeEach(async () => {
  story = await createStory();
  comparison = comparisonOf(story);
});
afterEach(() => story.world.close());

describe("an account that no grant knows", () => {
  test("is closed at once, told, and dropped only after a day", async () => {
    const name = comparison.stray();
    const { events } = await story.world.watch(comparison.run);
    expect(events.map(({ operation, outcome }) => [operation, outcome])).toEqual([
      ["instance.record-orphan", "failed"],
      ["instance.record-reconciliation", "done"],
    ]);
    expect(story.server.opens(name)).toBe(false);
    expect(story.server.accounts.has(name)).toBe(true);
    expect(await comparison.found()).toEqual([["unknown", "quarantined"]]);
    story.world.clock.advance({ minutes: 1439 });
    await comparison.run();
    expect(await comparison.found()).toEqual([["unknown", "quarantined"]]);
    story.world.clock.advance({ minutes: 1 });
    await comparison.run();
    expect(await comparison.found()).toEqual([["unknown", "dropped"]]);
    expect(story.server.accounts.size).toBe(0);
    expect(await listOrphans(story.world, comparison.instanceId)).toEqual([]);
    await comparison.run();
    expect(await comparison.found()).toEqual([]);
  });

  test("that somebody opens again by hand is closed again", async () => {
    const name = comparison.stray();
    await comparison.run();
    const account = story.server.accounts.get(name) ?? fail("gone");
    story.server.accounts.set(name, { ...account, canLogin: true });
    await comparison.run();
    expect(story.server.opens(name)).toBe(false);
  });

  test("and that cannot be dropped says why, and is tried again", async () => {
    comparison.stray();
    await comparison.run();
    story.world.clock.advance({ days: 1 });
    story.server.faults.push(undefined, undefined, "quarantine");
    await comparison.run();
    const [difference] = (await comparison.last()).differences;
    expect(difference).toMatchObject({ kind: "unknown", action: "failed" });
    expect(difference?.message).toContain("table public.leftover");
    expect(await listOrphans(story.world, comparison.instanceId)).toHaveLength(1);
    await comparison.run();
    expect(await comparison.found()).toEqual([["unknown", "dropped"]]);
  });

  test("whose grant is known again, as after the right table was restored, waits for nothing", async () => {
    const name = comparison.stray();
    await comparison.run();
    const account = story.server.accounts.get(name) ?? fail("gone");
    const { id, account: real } = await story.activeGrant();
    // The account that was closed turns out to be that of a grant.
    story.server.accounts.set(real, { ...account, plan: { ...account.plan, name: real, grantId: id } });
    story.server.accounts.delete(name);
    const { events } = await story.world.watch(comparison.run);
    expect(events[0]).toMatchObject({ operation: "instance.record-orphan", data: { what: "gone" } });
    expect(await comparison.found()).toContainEqual(["denied", "alarm"]);
    expect((await story.grant(id)).state).toBe("active");
  });

  test("is announced before it is touched: a server that fails then leaves the announcement", async () => {
    const name = comparison.stray();
    story.server.faults.push(undefined, undefined, "before");
    await comparison.run();
    expect(await comparison.found()).toEqual([["unknown", "failed"]]);
    expect(await listOrphans(story.world, comparison.instanceId)).toMatchObject([{ account: name }]);
    await comparison.run();
    expect(await comparison.found()).toEqual([["unknown", "quarantined"]]);
    expect(story.server.opens(name)).toBe(false);
  });

  test("of very many each is closed, and all are counted", async () => {
    for (let count = 0; count < 120; count += 1) comparison.stray();
    await comparison.run();
    expect((await comparison.last()).differences).toHaveLength(100);
    expect(await comparison.last()).toMatchObject({ differenceCount: 120, accountCount: 120 });
    expect([...story.server.accounts.values()].filter(({ canLogin }) => canLogin)).toEqual([]);
  });
});

test("an account whose grant is being provisioned right now is no orphan", async () => {
  const { id } = await story.plannedGrant();
  let seen: unknown;
  story.server.meanwhile = async () => {
    await comparison.run();
    seen = (await comparison.last()).differences;
  };
  await story.turn(id);
  expect(seen).toEqual([]);
  expect((await story.grant(id)).state).toBe("active");
});

describe("a restored table", () => {
  test("set back in time: the accounts whose grants it forgot are closed and kept, not dropped", async () => {
    const names = [comparison.stray(), comparison.stray(), comparison.stray()];
    await comparison.run();
    expect(names.map((name) => story.server.opens(name))).toEqual([false, false, false]);
    expect([...story.server.accounts.keys()]).toEqual(names);
  });

  test("set back together with what waited: the grace period begins anew, nothing is dropped early", async () => {
    const name = comparison.stray();
    await comparison.run();
    story.world.clock.advance({ hours: 23 });
    // The record of it is gone with the table.
    const [orphan] = await listOrphans(story.world, comparison.instanceId);
    await recordOrphan(story.world.ctx(workflow), {
      outcome: "gone",
      instanceId: comparison.instanceId,
      account: name,
      grantId: orphan?.grantId ?? fail("no orphan"),
    });
    await comparison.run();
    story.world.clock.advance({ hours: 2 });
    await comparison.run();
    expect(await comparison.found()).toEqual([["unknown", "quarantined"]]);
    expect(story.server.accounts.has(name)).toBe(true);
  });
});
