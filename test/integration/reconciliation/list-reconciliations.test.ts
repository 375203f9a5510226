import { listAllReconciliations } from "@daypass/core/reconciliation/list-reconciliations.ts";
import { reconciliationView } from "@daypass/core/reconciliation/reconciliation.view.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isDenied, isRefused, leavesNothing } from "../outcome.ts";
import { anonymous, createStory, type Story } from "../story.ts";

let story: Story;
beforeEach(async () => {
  story = await createStory();
});
afterEach(() => story.world.close());

const list = (who: "administrator" | "auditor" | "engineer", fields: object = {}) =>
  listAllReconciliations(story.ctx(who), fields);

test("every instance is listed, also one that was never compared; reading leaves no event", async () => {
  await leavesNothing(story.world, async () => {
    const { items, nextCursor } = await list("auditor");
    expect(items).toMatchObject([
      { instance: { name: "shop-production" }, status: "never", differences: [], nextAt: null },
    ]);
    expect(items.map((item) => reconciliationView.parse(item))).toEqual(items);
    expect(nextCursor).toBeNull();
  });
});

test("an instance on which something was lent is due at once", async () => {
  await story.plannedGrant();
  const { items } = await list("administrator");
  expect(items).toMatchObject([{ nextAt: story.world.clock.now() }]);
});

test("bad input is refused", async () => {
  await isRefused(story.world, () => list("auditor", { cursor: "ins_0" }), "page.cursor");
  await isRefused(story.world, () => list("auditor", { mode: "x" }), "input.invalid");
});

test("members may not, and that is recorded", async () => {
  await isDenied(story.world, () => list("engineer"), "reconciliation.list");
  await isRefused(story.world, () => listAllReconciliations(story.ctx(anonymous), {}), "session.required");
});
