import { listAllReconciliations } from "@daypass/core/reconciliation/list-reconciliations.ts";
import { reconciliationView } from "@daypass/core/reconciliation/reconciliation.view.ts";
import { startReconciliation } from "@daypass/core/reconciliation/start-reconciliation.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createWorld, type World } from "../harness.ts";
import { isDenied, isRefused, leavesOneEvent, oneWins } from "../outcome.ts";
import { type Registered, register } from "../registered.ts";

let world: World;
let registered: Registered;
beforeEach(async () => {
  world = await createWorld();
  registered = await register(world);
});
afterEach(() => world.close());

const start = (ctx = world.ctx("administrator")) =>
  startReconciliation(ctx, { id: registered.instance.id, mode: "dry-run" });
const only = async () => (await listAllReconciliations(world.ctx("auditor"), {})).items[0];

test("a comparison is running, its workflow is started once, and exactly one event says so", async () => {
  const event = await leavesOneEvent(world, start);
  const { id } = registered.instance;
  expect(event).toMatchObject({
    operation: "instance.reconcile",
    subjectId: id,
    data: { name: "shop-production", mode: "dry-run" },
  });
  expect(world.reconciliations).toEqual([{ id, name: `${id}-${String(event.data["run"])}` }]);
  expect(await only()).toMatchObject({ status: "running", mode: "dry-run", startedBy: "Priya Castell" });
});

test("what is answered is what the list shows, and what is promised", async () => {
  const answered = await start();
  expect(reconciliationView.parse(answered)).toEqual(answered);
  expect(await only()).toEqual(answered);
});

test("while one runs another is refused; after ten minutes it counts as lost and another may begin", async () => {
  await start();
  await isRefused(world, start, "reconciliation.running");
  world.clock.advance({ minutes: 10 });
  expect(await only()).toMatchObject({
    status: "failed",
    error: expect.stringContaining("did not finish") as unknown,
  });
  await start();
});

test("a workflow that cannot be started is shown as a failure, not as running for ever", async () => {
  const ctx = world.ctx("administrator");
  const startReconciliation = () => Promise.reject(new Error("down"));
  await start({ ...ctx, workflows: { ...ctx.workflows, startReconciliation } });
  expect(await only()).toMatchObject({
    status: "failed",
    error: "The comparison could not be started; try again.",
  });
});

test("bad input is refused", async () => {
  const run = () =>
    startReconciliation(world.ctx("administrator"), { id: registered.instance.id, mode: "force" as never });
  await isRefused(world, run, "input.invalid");
});

test("who is no administrator may not, and that is recorded", async () => {
  await isDenied(world, () => start(world.ctx("auditor")), "instance.reconcile");
  expect(world.reconciliations).toEqual([]);
});

test("of two at once one begins", async () => {
  await oneWins(world, [start, start], "reconciliation.changed");
  expect(world.reconciliations).toHaveLength(1);
});
