import { deletingInstance } from "@daypass/core/catalog/instance.store.ts";
import { listGrants } from "@daypass/core/grant/grant.store.ts";
import { grantIdOf } from "@daypass/core/grant/grant.ts";
import type { Id } from "@daypass/core/kernel/ids.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import type { PolicyDocumentInput } from "@daypass/core/policy/policy.ts";
import { cancelRequest } from "@daypass/core/request/cancel-request.ts";
import { countToReview } from "@daypass/core/request/inbox.store.ts";
import { reviewRequest } from "@daypass/core/request/review-request.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Person } from "../harness.ts";
import { meanwhile } from "../meanwhile.ts";
import { isDenied, isRefused, leavesOneEvent, oneWins } from "../outcome.ts";
import { teamPolicies } from "../registered.ts";
import { anonymous, createStory, type Story } from "../story.ts";

const common = { effect: "allow" as const, on: { environments: ["production"] } };
const policies: PolicyDocumentInput[] = [
  ...teamPolicies,
  {
    ...common,
    name: "Two leads for ddl",
    who: { groups: ["engineers"] },
    may: { levels: ["ddl"] },
    for: { maxDurationMinutes: 60 },
    approval: [{ count: 2, groups: ["leads"] }],
  },
  {
    ...common,
    name: "Contractors in the mornings",
    who: { groups: ["contractors"] },
    may: { levels: ["read"] },
    for: {
      maxDurationMinutes: 60,
      hours: { timeZone: "UTC", weekdays: ["tue"], from: "08:00", to: "13:00" },
    },
    approval: [{ count: 1, groups: ["leads"] }],
  },
  {
    ...common,
    name: "The same group twice",
    who: { groups: ["interns"] },
    may: { levels: ["read"] },
    for: { maxDurationMinutes: 60 },
    approval: [
      { count: 1, groups: ["leads"] },
      { count: 1, groups: ["leads"] },
    ],
  },
];

let story: Story;
beforeAll(async () => {
  story = await createStory(policies);
});
afterAll(() => story.world.close());

type Fields = { decision?: "approve" | "reject"; comment?: string; durationMinutes?: number };
const review = (
  id: Id<"request">,
  fields: Fields = {},
  who: Person | ReturnType<Story["as"]> = "lead",
  ctx = story.ctx(who),
) => reviewRequest(ctx, { id, decision: "approve", ...fields });
const secondLead = () => story.as("analyst", ["leads"]);
const noGrantOf = async (id: Id<"request">) => {
  const { items } = await listGrants(story.world, { limit: 100 });
  expect(items.filter((grant) => grant.requestId === id)).toEqual([]);
};

describe("an approval", () => {
  test("puts the grant on record with it and starts its timer, and leaves exactly one event", async () => {
    const { id } = await story.ask();
    const event = await leavesOneEvent(story.world, () => review(id, { comment: "go ahead" }));
    expect(event).toMatchObject({
      operation: "request.review",
      subjectId: id,
      story: id.slice(4),
      actor: { id: story.world.people.lead.id, name: "Tomoko Lind", via: "session" },
      database: { name: "shop" },
      data: { decision: "approve", comment: "go ahead", status: "approved", step: 1, durationMinutes: 60 },
    });
    const grant = await story.grant(grantIdOf(id));
    expect(grant).toMatchObject({ state: "planned", durationMinutes: 60, holder: { name: "Erin Vale" } });
    expect(story.world.timers.at(-1)).toEqual({ id: grant.id, name: grant.id });
    expect(await story.request(id)).toMatchObject({
      status: "approved",
      decidedBy: { name: "Tomoko Lind" },
      decisionComment: "go ahead",
      grantId: grant.id,
    });
  });

  test("of two steps needs both: the first passes it on, the second grants", async () => {
    const { id } = await story.ask({ level: "write" });
    const inbox = () =>
      Promise.all(
        (["lead", "administrator"] as const).map((who) => countToReview(story.world, story.world.actor(who))),
      );
    const [leadBefore = 0, administratorBefore = 0] = await inbox();
    await isDenied(
      story.world,
      () => review(id, {}, "administrator"),
      "request.review",
      "approval.not-an-approver",
    );
    expect(await review(id)).toMatchObject({ status: "pending", reviews: [{ step: 0 }] });
    expect(await inbox()).toEqual([leadBefore - 1, administratorBefore + 1]);
    await noGrantOf(id);
    expect(await review(id, {}, "administrator")).toMatchObject({ status: "approved" });
    expect(await inbox()).toEqual([leadBefore - 1, administratorBefore]);
    expect(await story.grant(grantIdOf(id))).toMatchObject({ level: "write" });
  });

  test("may shorten, never lengthen; of several the shortest holds", async () => {
    const { id } = await story.ask({ level: "write", durationMinutes: 60 });
    await isRefused(story.world, () => review(id, { durationMinutes: 61 }), "review.longer");
    expect(await review(id, { durationMinutes: 20 })).toMatchObject({ approvedDurationMinutes: 20 });
    await review(id, { durationMinutes: 40 }, "administrator");
    expect(await story.grant(grantIdOf(id))).toMatchObject({ durationMinutes: 20 });
    expect(await story.request(id)).toMatchObject({ durationMinutes: 60, approvedDurationMinutes: 20 });
  });

  test("needs two different people where a step wants two", async () => {
    const { id } = await story.ask({ level: "ddl" });
    expect(await review(id)).toMatchObject({ status: "pending" });
    await isDenied(story.world, () => review(id), "request.review", "approval.already-counted");
    expect(await review(id, {}, secondLead())).toMatchObject({ status: "approved" });
  });

  test("of one person counts in one step only, although their group is in both", async () => {
    const { id } = await story.ask({}, story.as("analyst", ["interns"]));
    expect(await review(id)).toMatchObject({ status: "pending" });
    await isDenied(story.world, () => review(id), "request.review", "approval.already-counted");
    await noGrantOf(id);
    expect(await review(id, {}, story.as("auditor", ["leads"]))).toMatchObject({ status: "approved" });
  });

  test("is given within the hours that policy has for the start, or refused", async () => {
    const own = await createStory(policies);
    const { id } = await own.ask({}, own.as("analyst", ["contractors"]));
    own.world.clock.advance({ hours: 2 });
    await isRefused(own.world, () => own.approve(id), "request.outside-hours");
    expect(await own.request(id)).toMatchObject({ status: "pending", reviews: [] });
    own.world.clock.advance({ days: 6, hours: 20 });
    expect(await own.approve(id)).toMatchObject({ status: "approved" });
    own.world.clock.advance({ hours: 4 });
    await isRefused(own.world, () => own.approve(id), "request.already-decided");
    await own.world.close();
  });

  test("comes too late once the request lapsed", async () => {
    const own = await createStory();
    const { id } = await own.ask();
    own.world.clock.advance({ days: 7 });
    await isRefused(own.world, () => own.approve(id), "request.lapsed");
    expect((await listGrants(own.world, { limit: 10 })).items).toEqual([]);
    await own.world.close();
  });

  test("of a decided request says what became of it, also long after its deadline", async () => {
    const own = await createStory();
    const { id } = await own.ask();
    await own.approve(id);
    own.world.clock.advance({ days: 8 });
    await expect(own.approve(id, "administrator")).rejects.toMatchObject({
      code: "request.already-decided",
      details: { status: "approved", decidedBy: { name: "Tomoko Lind" } },
    });
    await own.world.close();
  });

  test("gives nothing on an instance that was deleted", async () => {
    const own = await createStory();
    const { id } = await own.ask();
    const remove = () => commitAll(own.world, [deletingInstance(own.world, own.registered.instance)]);
    const ctx = meanwhile(own.ctx("lead"), remove);
    await isRefused(own.world, () => review(id, {}, "lead", ctx), "instance.deleted");
    await isRefused(own.world, () => own.approve(id), "request.database-withdrawn");
    expect(await own.request(id)).toMatchObject({ status: "pending" });
    await own.world.close();
  });
});

describe("a rejection", () => {
  test("needs its reason, and takes the request out of the inbox", async () => {
    const { id } = await story.ask();
    await isRefused(story.world, () => review(id, { decision: "reject" }), "review.reason-missing");
    await isRefused(story.world, () => review(id, { decision: "reject", comment: "  " }), "input.invalid");
    const waiting = await countToReview(story.world, story.world.actor("lead"));
    const event = await leavesOneEvent(story.world, () =>
      review(id, { decision: "reject", comment: "use staging" }),
    );
    expect(event.data).toMatchObject({ decision: "reject", comment: "use staging", status: "rejected" });
    expect(await story.request(id)).toMatchObject({ status: "rejected", decisionComment: "use staging" });
    expect(await countToReview(story.world, story.world.actor("lead"))).toBe(waiting - 1);
    await noGrantOf(id);
  });

  test("is open to one who has approved before, as long as nothing is granted", async () => {
    const { id } = await story.ask({ level: "ddl" });
    await review(id);
    expect(await review(id, { decision: "reject", comment: "on second thoughts" })).toMatchObject({
      status: "rejected",
    });
  });
});

describe("who may not", () => {
  test("nobody decides on their own request, also not as approver or administrator", async () => {
    const { id } = await story.ask();
    const own = story.as("engineer", ["engineers", "leads", "administrators"]);
    expect(own.roles).toContain("administrator");
    for (const fields of [{}, { decision: "reject", comment: "no" } as const]) {
      await isDenied(story.world, () => review(id, fields, own), "request.review", "approval.own-request");
    }
    const asLead = await story.ask({}, "lead");
    await isDenied(story.world, () => review(asLead.id), "request.review", "approval.own-request");
  });

  test("who lost the group may not, at the moment of the click", async () => {
    const { id } = await story.ask();
    const former = story.as("lead", ["engineers"]);
    await isDenied(story.world, () => review(id, {}, former), "request.review", "not-found");
    expect(await story.request(id)).toMatchObject({ status: "pending", reviews: [] });
  });

  test("an auditor may know of it and not decide; a stranger may not even know", async () => {
    const { id } = await story.ask();
    await isDenied(
      story.world,
      () => review(id, {}, "auditor"),
      "request.review",
      "approval.not-an-approver",
    );
    const { error } = await story.world.watch(() => review(id, {}, "analyst"));
    const missing = await review("req_01JD8Z5K3QW8R4T6Y2X9V7B1CN" as Id<"request">).catch((e: Error) => e);
    expect(error).toEqual(missing);
    await isDenied(story.world, () => review(id, {}, "analyst"), "request.review", "not-found");
    const run = () => reviewRequest(story.ctx(anonymous), { id, decision: "approve" });
    await isRefused(story.world, run, "session.required");
  });
});

describe("bad input", () => {
  test.each([
    ["an unknown decision", { decision: "veto" }],
    ["a duration of nothing", { durationMinutes: 0 }],
    ["an unknown field", { status: "approved" }],
    ["a comment with a control character", { comment: "no\u0000" }],
    ["the id of something else", { id: "grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN" }],
  ])("%s is refused and leaves nothing", async (_what, fields) => {
    const { id, version } = await story.ask();
    const run = () => reviewRequest(story.ctx("lead"), { id, decision: "approve", ...fields } as never);
    await isRefused(story.world, run, "input.invalid");
    expect(await story.request(id)).toMatchObject({ version });
  });
});

describe("at the same time", () => {
  test("of two last approvals one grants, and the other is told who", async () => {
    const { id } = await story.ask();
    await oneWins(
      story.world,
      [() => review(id), () => review(id, {}, "administrator")],
      "request.already-decided",
    );
    const slow = await story.ask();
    const ctx = meanwhile(story.ctx("lead"), () => review(slow.id, {}, "administrator"));
    await expect(review(slow.id, {}, "lead", ctx)).rejects.toMatchObject({
      kind: "conflict",
      code: "request.already-decided",
      details: { status: "approved", decidedBy: { name: "Priya Castell" } },
    });
    const { items } = await listGrants(story.world, { limit: 100 });
    expect(items.filter((grant) => grant.requestId === slow.id)).toHaveLength(1);
  });

  test("of two first approvals both are not lost: the slower looks again and is told who", async () => {
    const { id } = await story.ask({ level: "ddl" });
    const ctx = meanwhile(story.ctx("lead"), () => review(id, {}, secondLead()));
    await expect(review(id, {}, "lead", ctx)).rejects.toMatchObject({
      code: "request.changed",
      details: { reviewedBy: { name: "Nils Okoro" } },
    });
    expect(await story.request(id)).toMatchObject({ status: "pending", reviews: [{ step: 0 }] });
    expect(await review(id)).toMatchObject({ status: "approved" });
  });

  test("a rejection does not give way to an approval that came in between, as long as nothing is granted", async () => {
    const { id } = await story.ask({ level: "ddl" });
    const ctx = meanwhile(story.ctx("lead"), () => review(id, {}, secondLead()));
    const no = { decision: "reject", comment: "not today" } as const;
    expect(await review(id, no, "lead", ctx)).toMatchObject({ status: "rejected" });
    const granted = await story.ask();
    const late = meanwhile(story.ctx("lead"), () => review(granted.id, {}, "administrator"));
    await expect(review(granted.id, no, "lead", late)).rejects.toMatchObject({
      code: "request.already-decided",
    });
  });

  test("a cancelled request is granted no more", async () => {
    const { id } = await story.ask();
    const ctx = meanwhile(story.ctx("lead"), () => cancelRequest(story.ctx("engineer"), { id }));
    await expect(review(id, {}, "lead", ctx)).rejects.toMatchObject({
      code: "request.already-decided",
      details: { status: "cancelled", decidedBy: { name: "Erin Vale" } },
    });
    await noGrantOf(id);
  });
});
