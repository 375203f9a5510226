import { orderInstanceAccessEnd } from "@daypass/core/catalog/end-instance-access.ts";
import type { AccessTestContext } from "@daypass/core/credential/access-test.port.ts";
import { type AccessTestView, accessTestView } from "@daypass/core/credential/access-test.view.ts";
import { testAccess } from "@daypass/core/credential/test-access.ts";
import { endGrant } from "@daypass/core/grant/end-grant.ts";
import { DomainError } from "@daypass/core/kernel/errors.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { meanwhile } from "../meanwhile.ts";
import { isDenied, isRefused, leavesOneEvent } from "../outcome.ts";
import { anonymous, createStory, type Story } from "../story.ts";

let story: Story;
beforeAll(async () => {
  story = await createStory();
});
afterAll(() => story.world.close());

const good: AccessTestView = { ok: true, serverVersion: "PostgreSQL 17.10", latencyMs: 12 };
const asked: object[] = [];

function from(ctx: ReturnType<Story["ctx"]>, answer: () => Promise<AccessTestView>): AccessTestContext {
  const runners: AccessTestContext["runners"] = {
    testAccess(grant) {
      asked.push(grant);
      return answer();
    },
  };
  return { ...ctx, runners };
}
const run = (
  id: string,
  who: Parameters<Story["ctx"]>[0] = "engineer",
  answer: () => Promise<AccessTestView> = async () => good,
) => testAccess(from(story.ctx(who), answer), { id });

test("the holder is told which server answered and how fast, and one event keeps it", async () => {
  const grant = await story.activeGrant();
  let found: AccessTestView | undefined;
  const event = await leavesOneEvent(story.world, async () => {
    found = await run(grant.id);
  });
  expect(accessTestView.parse(found)).toEqual(good);
  expect(event).toMatchObject({
    operation: "grant.test",
    subjectId: grant.id,
    story: grant.story,
    database: { name: "shop" },
    data: { account: grant.account, serverVersion: "PostgreSQL 17.10", latencyMs: 12 },
  });
});

test("a test that fails is an answer, and an event that says so", async () => {
  const { id } = await story.activeGrant();
  const bad = { ok: false, reason: "unreachable", message: "no connection (ETIMEDOUT)" } as const;
  const { result, events } = await watched(() => run(id, "engineer", async () => bad));
  expect(result).toEqual(bad);
  expect(events).toMatchObject([
    { operation: "grant.test", outcome: "failed", data: { reason: "unreachable" } },
  ]);
});

test("a runner that does not answer is no answer", async () => {
  const { id } = await story.activeGrant();
  const away = () => Promise.reject(new DomainError("unavailable", "runner.unavailable", "Away."));
  await isRefused(story.world, () => run(id, "engineer", away), "runner.unavailable");
});

test("access that ends at the same moment is not said to work", async () => {
  const { id } = await story.activeGrant();
  const slow = meanwhile(story.ctx("engineer"), () => endGrant(story.ctx("administrator"), { id }));
  await expect(
    testAccess(
      from(slow, async () => good),
      { id },
    ),
  ).rejects.toMatchObject({
    code: "grant.changed",
  });
});

test("nothing is asked of a runner before access begins, from its end on, and after", async () => {
  const own = await createStory();
  const { id } = await own.plannedGrant();
  const tryIt = () =>
    testAccess(
      from(own.ctx("engineer"), async () => good),
      { id },
    );
  asked.length = 0;
  await isRefused(own.world, tryIt, "grant.not-active");
  await own.turn(id);
  own.world.clock.advance({ minutes: 60 });
  await isRefused(own.world, tryIt, "grant.not-active");
  await own.turn(id);
  await isRefused(own.world, tryIt, "grant.not-active");
  expect(asked).toEqual([]);
  await own.world.close();
});

test("only the holder: approvers, administrators and auditors are refused, a stranger finds nothing", async () => {
  const { id } = await story.activeGrant();
  asked.length = 0;
  for (const who of ["lead", "administrator", "auditor"] as const) {
    await isDenied(story.world, () => run(id, who), "grant.test");
  }
  await isDenied(story.world, () => run(id, "analyst"), "grant.test", "not-found");
  await isRefused(story.world, () => run(id, anonymous), "session.required");
  expect(asked).toEqual([]);
});

test("bad input and unknown grants are refused", async () => {
  await isRefused(story.world, () => run("1"), "input.invalid");
  await isRefused(story.world, () => run("grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN"), "not-found");
});

async function watched(work: () => Promise<AccessTestView>) {
  let result: AccessTestView | undefined;
  const { events } = await story.world.watch(async () => {
    result = await work();
  });
  return { result, events };
}

test("from the moment a kill switch was pulled nothing is tested, however far it was carried out", async () => {
  const own = await createStory();
  const grant = await own.activeGrant();
  await orderInstanceAccessEnd(own.ctx("administrator"), {
    id: own.registered.instance.id,
    reason: "the server was broken into",
  });
  const test = () =>
    testAccess(
      from(own.ctx("engineer"), async () => good),
      { id: grant.id },
    );
  await isRefused(own.world, test, "grant.not-active");
  await own.world.close();
});
