import { cancelRequest } from "@daypass/core/request/cancel-request.ts";
import { listAllRequests, listMyRequests } from "@daypass/core/request/list-requests.ts";
import { requestView } from "@daypass/core/request/request.view.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Person } from "../harness.ts";
import { isDenied, isRefused, leavesNothing } from "../outcome.ts";
import { anonymous, createStory, type Story } from "../story.ts";

let story: Story;
/** In the order in which they were filed: three of the engineer, one each of lead and auditor. */
let ids: string[];
beforeAll(async () => {
  story = await createStory();
  const pending = await story.ask();
  const write = await story.ask({ level: "write" });
  const cancelled = await story.ask();
  await cancelRequest(story.ctx("engineer"), { id: cancelled.id });
  const leads = await story.ask({}, "lead");
  const approved = await story.ask({}, "auditor");
  ids = [pending, write, cancelled, leads, approved].map((request) => request.id);
});
afterAll(() => story.world.close());

const mine = (who: Person, fields: object = {}) =>
  listMyRequests(story.ctx(who), { view: "mine", ...fields });
const toReview = (who: Person | ReturnType<Story["as"]>, fields: object = {}) =>
  listMyRequests(story.ctx(who), { view: "to-review", ...fields });
const all = (who: Person, fields: object = {}) => listAllRequests(story.ctx(who), fields);
const idsOf = (page: { items: { id: string }[] }) => page.items.map((request) => request.id);

describe("one's own", () => {
  test("are there, newest first, and nobody else's; reading leaves no event", async () => {
    await leavesNothing(story.world, async () => {
      const page = await mine("engineer");
      expect(idsOf(page)).toEqual([ids[2], ids[1], ids[0]]);
      expect(page.items.map((item) => requestView.parse(item))).toEqual(page.items);
      expect(idsOf(await mine("analyst"))).toEqual([]);
    });
  });

  test("may be narrowed to a status and read in pages", async () => {
    expect(idsOf(await mine("engineer", { status: "pending" }))).toEqual([ids[1], ids[0]]);
    const first = await mine("engineer", { limit: 2 });
    expect(idsOf(first)).toEqual([ids[2], ids[1]]);
    const second = await mine("engineer", { limit: 2, cursor: first.nextCursor });
    expect(idsOf(second)).toEqual([ids[0]]);
    expect(second.nextCursor).toBeNull();
  });

  test("say what may be done with them", async () => {
    const { items } = await mine("engineer");
    expect(items.map((item) => item.may.cancel)).toEqual([false, true, true]);
    expect(items.map((item) => item.may.review)).toEqual([false, false, false]);
  });
});

describe("those to review", () => {
  test("are those that wait for one's step, oldest first, without one's own", async () => {
    expect(idsOf(await toReview("lead"))).toEqual([ids[0], ids[1]]);
    expect(idsOf(await toReview("administrator"))).toEqual([ids[0], ids[3]]);
    expect(idsOf(await toReview("engineer"))).toEqual([]);
    expect((await toReview("lead")).items.every((item) => item.may.review)).toBe(true);
  });

  test("follow the groups of this moment", async () => {
    expect(idsOf(await toReview(story.as("analyst", ["leads"])))).toEqual([ids[0], ids[1], ids[3]]);
    expect(idsOf(await toReview(story.as("lead", ["engineers"])))).toEqual([]);
  });

  test("come in pages without loss or repetition", async () => {
    const first = await toReview("administrator", { limit: 1 });
    expect(idsOf(first)).toEqual([ids[0]]);
    const second = await toReview("administrator", { limit: 1, cursor: first.nextCursor });
    expect(idsOf(second)).toEqual([ids[3]]);
    expect(second.nextCursor).toBeNull();
  });
});

describe("everybody's", () => {
  test("are for administrators and auditors, newest first", async () => {
    for (const who of ["administrator", "auditor"] as const) {
      await leavesNothing(story.world, async () => {
        expect(idsOf(await all(who))).toEqual(ids.toReversed());
      });
    }
    expect(idsOf(await all("auditor", { status: "approved" }))).toEqual([ids[4]]);
    expect(idsOf(await all("auditor", { status: "cancelled" }))).toEqual([ids[2]]);
  });

  test("are refused to others, and that is recorded", async () => {
    for (const who of ["engineer", "lead", "analyst"] as const) {
      await isDenied(story.world, () => all(who), "request.list-all");
    }
    await isRefused(story.world, () => listAllRequests(story.ctx(anonymous), {}), "session.required");
  });
});

test("bad input is refused, and a cursor of another list is no fault of ours", async () => {
  await isRefused(story.world, () => mine("engineer", { status: "open" }), "input.invalid");
  await isRefused(story.world, () => mine("engineer", { limit: 0 }), "input.invalid");
  await isRefused(story.world, () => mine("engineer", { limit: 101 }), "input.invalid");
  await isRefused(story.world, () => mine("engineer", { requester: "x" }), "input.invalid");
  await isRefused(story.world, () => mine("engineer", { cursor: "a b" }), "input.invalid");
  await isRefused(story.world, () => mine("engineer", { cursor: "AAAA" }), "page.cursor");
  const other = await all("auditor", { limit: 1 });
  await isRefused(story.world, () => mine("engineer", { cursor: other.nextCursor }), "page.cursor");
  await isRefused(story.world, () => toReview("lead", { cursor: other.nextCursor }), "page.cursor");
});

test("a list of somebody else's by another's cursor gives nothing of theirs", async () => {
  const first = await mine("engineer", { limit: 1 });
  await isRefused(story.world, () => mine("lead", { cursor: first.nextCursor }), "page.cursor");
});
