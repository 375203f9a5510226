import { commentRequest } from "@daypass/core/request/comment-request.ts";
import { readRequest } from "@daypass/core/request/read-request.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Person } from "../harness.ts";
import { isDenied, isRefused, leavesOneEvent } from "../outcome.ts";
import { anonymous, createStory, type Story } from "../story.ts";

let story: Story;
let id: string;
beforeAll(async () => {
  story = await createStory();
  id = (await story.ask()).id;
});
afterAll(() => story.world.close());

const say = (comment: unknown, who: Person = "engineer") =>
  commentRequest(story.ctx(who), { id, comment } as never);

test("a remark is in the story, decides nothing, and leaves exactly one event", async () => {
  const before = await story.request(id as never);
  const event = await leavesOneEvent(story.world, () =>
    say("  is staging enough?\nit has the same tables ", "lead"),
  );
  expect(event).toMatchObject({
    operation: "request.comment",
    subjectId: id,
    story: id.slice(4),
    actor: { name: "Tomoko Lind" },
    database: { name: "shop" },
    data: { comment: "is staging enough?\nit has the same tables" },
  });
  expect(await story.request(id as never)).toEqual(before);
  const { timeline } = await readRequest(story.ctx("engineer"), { id });
  expect(timeline.at(-1)).toMatchObject({ id: event.id });
});

test("requester, approvers and administrators may, also after the end", async () => {
  await say("no, the counts differ");
  await say("noted", "administrator");
  const decided = await story.ask();
  await story.approve(decided.id);
  await leavesOneEvent(story.world, () =>
    commentRequest(story.ctx("lead"), { id: decided.id, comment: "tell me what you find" }),
  );
});

test("two remarks at once are both kept", async () => {
  const { events } = await story.world.watch(() => Promise.all([say("one"), say("two", "lead")]));
  expect(new Set(events.map((event) => event.data["comment"]))).toEqual(new Set(["one", "two"]));
  expect(events).toHaveLength(2);
});

test("bad input is refused and leaves nothing", async () => {
  for (const comment of [
    "",
    "   ",
    "a\u001b[2J",
    "x".repeat(2001),
    7,
    "gone \ud800",
    "shown \u202e otherwise",
  ]) {
    await isRefused(story.world, () => say(comment), "input.invalid");
  }
});

test("an auditor may read and not speak; a stranger finds nothing; nobody is told to sign in", async () => {
  await isDenied(story.world, () => say("hello", "auditor"), "request.comment");
  await isDenied(story.world, () => say("hello", "analyst"), "request.comment", "not-found");
  const run = () => commentRequest(story.ctx(anonymous), { id, comment: "hello" });
  await isRefused(story.world, run, "session.required");
  const unknown = () =>
    commentRequest(story.ctx("lead"), { id: "req_01JD8Z5K3QW8R4T6Y2X9V7B1CN", comment: "hello" });
  await isRefused(story.world, unknown, "not-found");
});
