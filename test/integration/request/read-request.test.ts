import { grantIdOf } from "@daypass/core/grant/grant.ts";
import { eventOf, recording } from "@daypass/core/kernel/event.store.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import { commentRequest } from "@daypass/core/request/comment-request.ts";
import { readRequest } from "@daypass/core/request/read-request.ts";
import { requestDetailView } from "@daypass/core/request/request.view.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Person } from "../harness.ts";
import { isDenied, isRefused, leavesNothing } from "../outcome.ts";
import { anonymous, createStory, type Story, workflow } from "../story.ts";

let story: Story;
beforeAll(async () => {
  story = await createStory();
});
afterAll(() => story.world.close());

const read = (id: string, who: Person | ReturnType<Story["as"]> = "engineer") =>
  readRequest(story.ctx(who), { id });

test("it shows all that is needed to decide, worked out on the server, and leaves no event", async () => {
  const earlier = await story.ask({ reason: "an earlier one" });
  const { id } = await story.ask();
  await leavesNothing(story.world, async () => {
    const shown = await read(id, "lead");
    expect(requestDetailView.parse(shown)).toEqual(shown);
    expect(shown).toMatchObject({
      id,
      requester: { name: "Erin Vale" },
      requesterGroups: ["engineers"],
      policy: { name: "Engineers read production" },
      maxDurationMinutes: 60,
      grant: null,
      may: { review: true, comment: true, cancel: false },
      earlier: [{ id: earlier.id, reason: "an earlier one", status: "pending" }],
    });
    expect(shown.privileges.sql.join("\n")).toMatch(/CREATE ROLE/);
    expect(shown.timeline.map((event) => event.operation)).toEqual(["request.create"]);
  });
});

test("it tells the whole story in order, with the grant and its extensions", async () => {
  const grant = await story.activeGrant();
  const extension = await story.extend(grant.id);
  await story.approve(extension.id);
  await story.turn(grant.id);
  const told = [
    "request.create",
    "request.review",
    "grant.start",
    "grant.activate",
    "grant.extend",
    "request.review",
    "grant.arm",
  ];
  const shown = await read(grant.requestId);
  expect(shown.timeline.map((event) => event.operation)).toEqual(told);
  expect(shown.grant).toMatchObject({ id: grant.id, state: "active", may: { showCredential: true } });
  expect((await read(extension.id)).timeline).toEqual(shown.timeline);
});

test("who else has access to the database is named", async () => {
  await story.ask({}, "auditor");
  const { id } = await story.ask();
  expect((await read(id, "lead")).others).toContainEqual({
    name: "Oscar Brandt",
    level: "read",
    endsAt: null,
  });
});

test("a story of many events has its beginning and its end", async () => {
  const { id, story: told } = await story.ask();
  const ctx = story.ctx(workflow);
  const failures = Array.from({ length: 520 }, () =>
    recording(ctx, eventOf(ctx, "grant.record-failure", { subjectId: grantIdOf(id), story: told })),
  );
  for (let done = 0; done < failures.length; done += 100) {
    await commitAll(ctx, failures.slice(done, done + 100));
  }
  await commentRequest(story.ctx("lead"), { id, comment: "how does it stand?" });
  const { timeline } = await read(id);
  expect(timeline).toHaveLength(500);
  expect(timeline[0]).toMatchObject({ operation: "request.create" });
  expect(timeline.at(-1)).toMatchObject({ operation: "request.comment" });
  const order = timeline.map((event) => event.id);
  expect(order).toEqual([...new Set(order)].toSorted());
});

test("requester, approvers of any step, administrators and auditors may read it; to others it does not exist", async () => {
  const { id } = await story.ask({ level: "write" });
  for (const who of ["engineer", "lead", "administrator", "auditor"] as const) await read(id, who);
  await isDenied(story.world, () => read(id, "analyst"), "request.read", "not-found");
  await isDenied(story.world, () => read(id, story.as("lead", ["sales"])), "request.read", "not-found");
  await isRefused(story.world, () => readRequest(story.ctx(anonymous), { id }), "session.required");
});

test("one who voted may still read it after losing the group", async () => {
  const { id } = await story.ask();
  await story.approve(id);
  expect((await read(id, story.as("lead", ["sales"]))).may.review).toBe(false);
});

test("bad input and unknown requests are refused", async () => {
  await isRefused(story.world, () => read("1"), "input.invalid");
  await isRefused(story.world, () => read("req_01JD8Z5K3QW8R4T6Y2X9V7B1CN"), "not-found");
});

test("a requester learns neither from where others act nor who else holds access", async () => {
  const other = await story.ask({}, "lead");
  await story.approve(other.id, "administrator");
  const { id } = await story.ask({ reason: "what do I see of the others" });
  await story.approve(id, "lead");
  const shown = await read(id);
  expect(shown.others).toEqual([]);
  expect(shown.timeline.map(({ operation, sourceIp }) => [operation, sourceIp])).toEqual([
    ["request.create", "192.0.2.7"],
    ["request.review", null],
  ]);
  const decider = await read(id, "lead");
  expect(decider.others.map(({ name }) => name)).toContain("Tomoko Lind");
  expect(decider.timeline.map(({ sourceIp }) => sourceIp)).toEqual([null, "192.0.2.7"]);
  const auditor = await read(id, "auditor");
  expect(auditor.timeline.map(({ sourceIp }) => sourceIp)).toEqual(["192.0.2.7", "192.0.2.7"]);
});
