import { endGrant } from "@daypass/core/grant/end-grant.ts";
import type { PolicyDocumentInput } from "@daypass/core/policy/policy.ts";
import { policyDocumentSchema } from "@daypass/core/policy/policy.ts";
import { breakGlassLimits } from "@daypass/core/policy/policy-limits.ts";
import { previewRequest } from "@daypass/core/request/preview-request.ts";
import { afterEach, expect, test } from "vitest";
import { isDenied, leavesOneEvent } from "../outcome.ts";
import { createStory, type Story } from "../story.ts";

let story: Story;
afterEach(() => story.world.close());

type Limits = { perPersonPerDay?: number; perPersonAtOnce?: number };
const policyWith = (limits: Limits): PolicyDocumentInput => ({
  name: "Everyone breaks the glass",
  effect: "allow",
  who: { everyone: true },
  may: { levels: ["read"], breakGlass: { maxDurationMinutes: 30, ...limits } },
  on: { environments: ["production"] },
  for: { maxDurationMinutes: 60 },
  approval: [{ count: 1, groups: ["leads"] }],
});
const start = async (limits: Limits = {}) => {
  story = await createStory([policyWith(limits)]);
};
type Who = Parameters<Story["ask"]>[1];
const breakGlass = (who: Who = "engineer") => story.ask({ breakGlass: true, durationMinutes: 10 }, who);
const end = async ({ grantId }: { grantId?: string }, who: "engineer" | "analyst" = "engineer") => {
  await endGrant(story.ctx(who), { id: grantId ?? "" });
  story.world.clock.advance({ minutes: 1 });
};

test("one at once by default: another is refused and that is recorded, until the first has ended", async () => {
  await start();
  const first = await breakGlass();
  await isDenied(story.world, () => breakGlass(), "request.create", "break-glass.open");
  expect((await breakGlass("analyst")).status).toBe("approved");
  await end(first);
  expect((await breakGlass()).status).toBe("approved");
});

test("three within 24 hours by default; then approval is the way, and a day later it is free again", async () => {
  await start();
  for (let count = 1; count <= 3; count += 1) {
    let request: Awaited<ReturnType<typeof breakGlass>> | undefined;
    const event = await leavesOneEvent(story.world, async () => {
      request = await breakGlass();
    });
    expect(event.data).toMatchObject({ breakGlassToday: count, breakGlassPerDay: 3 });
    await end(request ?? {});
  }
  await isDenied(story.world, () => breakGlass(), "request.create", "break-glass.too-many");
  const { reason: _reason, ...wish } = story.wish({ breakGlass: true, durationMinutes: 10 });
  expect(await previewRequest(story.ctx("engineer"), wish)).toMatchObject({
    allowed: false,
    reasons: ["You used break-glass 3 times within 24 hours, and the policy allows 3; ask with approval."],
  });
  expect((await story.ask()).status).toBe("pending");
  story.world.clock.advance({ hours: 23, minutes: 56 });
  await isDenied(story.world, () => breakGlass(), "request.create", "break-glass.too-many");
  story.world.clock.advance({ minutes: 1 });
  expect((await breakGlass()).status).toBe("approved");
});

test("a policy may allow more, or less", async () => {
  await start({ perPersonPerDay: 2, perPersonAtOnce: 2 });
  await breakGlass();
  await breakGlass();
  await isDenied(story.world, () => breakGlass(), "request.create", "break-glass.open");
});

test("of several in the same moment no more get through than the limit", async () => {
  await start({ perPersonPerDay: 5, perPersonAtOnce: 2 });
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => breakGlass()));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
  for (const outcome of outcomes) {
    if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "break-glass.open" });
  }
});

test("an index that lags hides none", async () => {
  await start();
  story.world.table.dynamoDb.faults.set([{ fault: "index-lag", lagMs: 60_000 }]);
  await breakGlass();
  await expect(breakGlass()).rejects.toMatchObject({ code: "break-glass.open" });
});

test("documents from before there were limits are still good, and have the defaults", async () => {
  await start();
  const document = policyDocumentSchema.parse(policyWith({}));
  if (document.effect !== "allow") throw new Error("no allow");
  expect(document.may.breakGlass).toEqual({ maxDurationMinutes: 30 });
  expect(breakGlassLimits(document)).toEqual({ perPersonPerDay: 3, perPersonAtOnce: 1 });
  for (const limits of [{ perPersonPerDay: 0 }, { perPersonAtOnce: 1.5 }, { perPersonPerDay: 51 }]) {
    expect(policyDocumentSchema.safeParse(policyWith(limits)).success).toBe(false);
  }
});
