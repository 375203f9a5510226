import { eventView } from "@daypass/core/audit/event.view.ts";
import { searchEvents } from "@daypass/core/audit/search-events.ts";
import type { Instant } from "@daypass/core/kernel/clock.ts";
import { commentRequest } from "@daypass/core/request/comment-request.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Person } from "../harness.ts";
import { isDenied, isRefused, leavesNothing } from "../outcome.ts";
import { anonymous, createStory, type Story } from "../story.ts";

let story: Story;
/** The moment between the story of the engineer and that of the auditor. */
let between: Instant;
let ids: { request: string; grant: string; extension: string };
beforeAll(async () => {
  story = await createStory();
  const grant = await story.activeGrant();
  story.world.clock.advance({ minutes: 1 });
  const extension = await story.extend(grant.id);
  await story.approve(extension.id);
  await story.turn(grant.id);
  between = story.world.clock.advance({ minutes: 1 });
  await story.ask({ reason: "compare the Ledger of May" }, "auditor");
  await story.ask({}, "analyst").catch(() => undefined);
  ids = { request: grant.requestId, grant: grant.id, extension: extension.id };
});
afterAll(() => story.world.close());

const search = (filter: object = {}, who: Person = "auditor") => searchEvents(story.ctx(who), filter);
const told = async (filter: object) => (await search(filter)).items.map((event) => event.operation);
const wholeStory = [
  "grant.arm",
  "request.review",
  "grant.extend",
  "grant.activate",
  "grant.start",
  "request.review",
  "request.create",
];

describe("without a filter", () => {
  test("everything is there, newest first, as it is shown; searching leaves no event", async () => {
    await leavesNothing(story.world, async () => {
      const page = await search();
      expect(page).toMatchObject({ nextCursor: null, searchedBackTo: null });
      expect(page.items.map((event) => event.operation)).toEqual([
        "request.create",
        "request.create",
        ...wholeStory,
      ]);
      expect(page.items.map((item) => eventView.parse(item))).toEqual(page.items);
    });
  });
});

describe("a filter", () => {
  test("by a person, or by a part of the system", async () => {
    expect(await told({ actor: story.world.people.lead.id })).toEqual(["request.review", "request.review"]);
    expect(await told({ actor: "system:workflow" })).toEqual(["grant.arm", "grant.activate", "grant.start"]);
    expect(await told({ actor: "system:setup" })).toEqual([]);
    expect(await told({ actor: "anonymous" })).toEqual([]);
  });

  test("by operation", async () => {
    expect(await told({ operation: "grant.extend" })).toEqual(["grant.extend"]);
    expect(await told({ operation: "grant.finish" })).toEqual([]);
  });

  test("by database", async () => {
    expect(await told({ database: story.registered.database.id })).toEqual(["request.create", ...wholeStory]);
    expect(await told({ database: "dbs_01JD8Z5K3QW8R4T6Y2X9V7B1CN" })).toEqual([]);
  });

  test("by subject gives the whole story of a request, its grant and its extensions", async () => {
    for (const subject of [ids.request, ids.grant, ids.extension]) {
      expect(await told({ subject }), subject).toEqual(wholeStory);
    }
    expect(await told({ subject: story.registered.instance.id })).toEqual([]);
  });

  test("by outcome", async () => {
    expect((await search({ outcome: "denied" })).items).toMatchObject([
      { operation: "request.create", actor: { name: "Nils Okoro" }, data: { code: "request.refused" } },
    ]);
    expect(await told({ outcome: "failed" })).toEqual([]);
  });

  test("by time: from is in, to is out", async () => {
    expect(await told({ from: between })).toEqual(["request.create", "request.create"]);
    expect(await told({ to: between })).toEqual(wholeStory);
    expect(await told({ from: between, to: between })).toEqual([]);
    expect(await told({ from: "2026-06-09T21:02:00+09:00" })).toHaveLength(2);
    expect(await told({ from: "1901-01-01T00:00:00Z", to: "9999-12-31T23:59:59Z" })).toHaveLength(9);
    expect(await told({ to: "1969-07-20T20:17:00Z" })).toEqual([]);
    expect(await told({ from: "2026-06-10T00:00:00Z", to: "2026-06-09T00:00:00Z" })).toEqual([]);
  });

  test("by text in names, identifiers and details, whatever its case", async () => {
    expect(await told({ q: "ledger of may" })).toEqual(["request.create"]);
    expect(await told({ q: "ERIN VALE" })).toEqual(["grant.extend", "request.create"]);
    expect(await told({ q: ids.extension })).toEqual(["request.review", "grant.extend"]);
    expect(await told({ q: "request-of-the-test" })).toHaveLength(9);
    expect(await told({ q: "  " })).toHaveLength(9);
    expect(await told({ q: "no such thing" })).toEqual([]);
  });

  test("all of them at once must hold", async () => {
    const filter = {
      actor: story.world.people.engineer.id,
      operation: "request.create",
      database: story.registered.database.id,
      subject: ids.grant,
      outcome: "done",
      from: "2026-06-09T12:00:00Z",
      to: between,
      q: "orders of yesterday",
    };
    expect(await told(filter)).toEqual(["request.create"]);
    for (const other of [
      { actor: story.world.people.lead.id },
      { operation: "grant.end" },
      { database: "dbs_01JD8Z5K3QW8R4T6Y2X9V7B1CN" },
      { subject: "req_01JD8Z5K3QW8R4T6Y2X9V7B1CN" },
      { outcome: "denied" },
      { from: between },
      { to: "2026-06-09T12:00:00Z" },
      { q: "orders of today" },
    ]) {
      expect(await told({ ...filter, ...other }), JSON.stringify(other)).toEqual([]);
    }
  });
});

describe("bad input", () => {
  test.each([
    ["an actor's name", { actor: "Erin Vale" }],
    ["an unknown operation", { operation: "grant.steal" }],
    ["an instance for a database", { database: "ins_01JD8Z5K3QW8R4T6Y2X9V7B1CN" }],
    ["a day without a time", { from: "2026-06-09" }],
    ["a time without a zone", { to: "2026-06-09T12:00:00" }],
    ["an unknown outcome", { outcome: "allowed" }],
    ["an unknown filter", { name: "x" }],
    ["too long a text", { q: "x".repeat(201) }],
    ["too large a page", { limit: 101 }],
  ])("%s is refused", async (_what, filter) => {
    await isRefused(story.world, () => search(filter), "input.invalid");
  });

  test("a cursor that is none of ours is refused", async () => {
    for (const cursor of ["AAAA", "eyJwayI6IngifQ==", "req_01JD8Z5K3QW8R4T6Y2X9V7B1CN"]) {
      await isRefused(story.world, () => search({ cursor }), "page.cursor");
    }
  });
});

test("only administrators and auditors may, and the others' attempts are recorded", async () => {
  expect((await search({}, "administrator")).items.length).toBeGreaterThan(0);
  for (const who of ["engineer", "lead", "analyst"] as const) {
    await isDenied(story.world, () => search({ q: "password" }, who), "audit.search");
  }
  await isRefused(story.world, () => searchEvents(story.ctx(anonymous), {}), "session.required");
});

test("what happens between two pages is neither lost nor shown twice", async () => {
  const own = await createStory();
  const { id } = await own.ask();
  const say = (comment: string) => commentRequest(own.ctx("engineer"), { id, comment });
  for (const text of ["one", "two", "three"]) await say(text);
  const first = await searchEvents(own.ctx("auditor"), { limit: 2 });
  await say("meanwhile");
  const second = await searchEvents(own.ctx("auditor"), { limit: 2, cursor: first.nextCursor ?? undefined });
  const both = [...first.items, ...second.items].map((event) => event.data["comment"] ?? event.operation);
  expect(both).toEqual(["three", "two", "one", "request.create"]);
  expect(second.nextCursor).toBeNull();
  await own.world.close();
});
