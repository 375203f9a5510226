import { findComparisonDue } from "@daypass/core/catalog/last-plan.store.ts";
import { plusMinutes } from "@daypass/core/kernel/clock.ts";
import { findReconciliation } from "@daypass/core/reconciliation/reconciliation.store.ts";
import { recordReconciliation } from "@daypass/core/reconciliation/record-reconciliation.ts";
import { startReconciliation } from "@daypass/core/reconciliation/start-reconciliation.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isDenied, isRefused, leavesOneEvent, oneWins } from "../outcome.ts";
import { createStory, type Story, workflow } from "../story.ts";

let story: Story;
beforeEach(async () => {
  story = await createStory();
});
afterEach(() => story.world.close());

const instanceId = () => story.registered.instance.id;
const known = () => findReconciliation(story.world, instanceId());
const dueAt = async () => (await findComparisonDue(story.world, instanceId()))?.compareAt;
const difference = {
  kind: "unknown",
  account: "dp_01jd8z5k3qw8r4t6y2x9v7b1cn",
  grantId: null,
  message: "No grant knows it.",
  action: "quarantined",
  dropAfter: null,
  remedy: [],
} as const;

/** A run of the sweeper's, as it would be recorded now. */
async function found(fields: object = {}) {
  const version = (await known())?.version ?? 0;
  return {
    outcome: "found",
    instanceId: instanceId(),
    run: story.world.ids.ulid(),
    mode: "repair",
    startedAt: story.world.clock.now(),
    version,
    accountCount: 0,
    grantCount: 0,
    differenceCount: 0,
    differences: [],
    ...fields,
  };
}
const record = async (fields: object = {}, ctx = story.ctx(workflow)) =>
  recordReconciliation(ctx, (await found(fields)) as never);

test("what was found is on record, and exactly one event says what", async () => {
  const event = await leavesOneEvent(story.world, () =>
    record({ accountCount: 3, grantCount: 2, differenceCount: 1, differences: [difference] }),
  );
  expect(event).toMatchObject({
    operation: "instance.record-reconciliation",
    subjectId: instanceId(),
    data: { accounts: 3, grants: 2, differences: 1, found: [`unknown ${difference.account}: quarantined`] },
  });
  expect(await known()).toMatchObject({
    status: "done",
    differences: [difference],
    repairedAt: story.world.clock.now(),
  });
});

test("while something is lent the next is due in 15 minutes; an hour after the last it rests until the next grant", async () => {
  await story.plannedGrant();
  await record({ grantCount: 1, accountCount: 1 });
  expect(await dueAt()).toBe(plusMinutes(story.world.clock.now(), 15));
  story.world.clock.advance({ minutes: 59 });
  await record();
  expect(await dueAt()).toBe(plusMinutes(story.world.clock.now(), 15));
  story.world.clock.advance({ minutes: 15 });
  await record();
  expect(await dueAt()).toBeUndefined();
  await story.plannedGrant();
  expect(await dueAt()).toBe(story.world.clock.now());
});

test("while a difference is left it does not rest", async () => {
  story.world.clock.advance({ days: 2 });
  await record({ differenceCount: 1, differences: [difference] });
  expect(await dueAt()).toBe(plusMinutes(story.world.clock.now(), 15));
});

test("a failure is recorded as one, keeps what was known, and is tried again sooner", async () => {
  await record({ differenceCount: 1, differences: [difference] });
  const {
    outcome: _,
    accountCount: _a,
    grantCount: _g,
    differenceCount: _c,
    differences: _d,
    ...run
  } = await found();
  const { events } = await story.world.watch(() =>
    recordReconciliation(story.ctx(workflow), {
      ...run,
      outcome: "failed",
      error: "No route to host.",
    } as never),
  );
  expect(events).toMatchObject([{ outcome: "failed", data: { error: "No route to host." } }]);
  expect(await known()).toMatchObject({
    status: "failed",
    error: "No route to host.",
    differences: [difference],
  });
  expect(await dueAt()).toBe(plusMinutes(story.world.clock.now(), 5));
});

test("a dry run is no repair: the sweeper comes when it would have come", async () => {
  await story.plannedGrant();
  const before = await dueAt();
  await startReconciliation(story.ctx("administrator"), { id: instanceId(), mode: "dry-run" });
  const begun = await known();
  await record({ run: begun?.run, mode: "dry-run" });
  const after = await known();
  expect(after).toMatchObject({ status: "done", mode: "dry-run", startedBy: "Priya Castell" });
  expect(after?.repairedAt).toBeUndefined();
  expect(await dueAt()).toBe(before);
});

test("who began an earlier run is not named as having begun this one", async () => {
  await startReconciliation(story.ctx("administrator"), { id: instanceId(), mode: "dry-run" });
  story.world.clock.advance({ minutes: 20 });
  await record();
  expect((await known())?.startedBy).toBeUndefined();
});

test("bad input is refused", async () => {
  await isRefused(story.world, () => record({ differenceCount: -1 }), "input.invalid");
  await isRefused(story.world, () => record({ password: "x" }), "input.invalid");
});

test("only the system may; to everybody else it does not exist, and that is recorded", async () => {
  const run = () => record({}, story.ctx("administrator"));
  await isDenied(story.world, run, "instance.record-reconciliation", "not-found");
});

test("of two reports of one run one counts, and an older one never does", async () => {
  const input = (await found()) as never;
  const run = () => recordReconciliation(story.ctx(workflow), input);
  await oneWins(story.world, [run, run], "reconciliation.changed");
  await isRefused(story.world, run, "reconciliation.changed");
});
