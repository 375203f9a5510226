import { puttingDatabase } from "@daypass/core/catalog/database.store.ts";
import { deletingInstance } from "@daypass/core/catalog/instance.store.ts";
import { storeTables } from "@daypass/core/catalog/schema.store.ts";
import { listGrants } from "@daypass/core/grant/grant.store.ts";
import { grantIdOf } from "@daypass/core/grant/grant.ts";
import { suspendUser } from "@daypass/core/identity/suspend-user.ts";
import type { Id } from "@daypass/core/kernel/ids.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import { cancelRequest } from "@daypass/core/request/cancel-request.ts";
import { createRequest } from "@daypass/core/request/create-request.ts";
import { listRequests } from "@daypass/core/request/request.store.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { customers } from "../catalog/shop.ts";
import { meanwhile } from "../meanwhile.ts";
import { isDenied, isRefused, leavesNothing, leavesOneEvent, oneWins } from "../outcome.ts";
import { anonymous, createStory, type Story } from "../story.ts";

let story: Story;
beforeAll(async () => {
  story = await createStory();
});
afterAll(() => story.world.close());

const requestCount = async () => (await listRequests(story.world, { limit: 100 })).items.length;

describe("what a policy lets be asked for", () => {
  test("waits for its approvers, with the policy's terms as they are now", async () => {
    const request = await story.ask();
    expect(request).toMatchObject({
      kind: "access",
      status: "pending",
      automatic: false,
      requester: { id: story.world.people.engineer.id, name: "Erin Vale" },
      requesterGroups: ["engineers"],
      database: { name: "shop", instance: { name: "shop-production" }, environment: { name: "production" } },
      policyName: "Engineers read production",
      maxDurationMinutes: 240,
      maxTotalMinutes: 480,
      steps: [{ name: "Team lead", count: 1, groups: ["leads", "administrators"] }],
      reviews: [],
    });
    expect(await story.request(request.id)).toEqual(request);
    expect(request.lapsesAt > request.createdAt).toBe(true);
    expect(story.world.timers).toEqual([]);
  });

  test("leaves exactly one event with actor, database and story", async () => {
    const event = await leavesOneEvent(story.world, () => story.ask({ reason: "an event of its own" }));
    expect(event).toMatchObject({
      operation: "request.create",
      actor: { kind: "user", id: story.world.people.engineer.id, name: "Erin Vale", via: "session" },
      database: {
        id: story.registered.database.id,
        name: "shop",
        instance: "shop-production",
        environment: "production",
      },
      sourceIp: "192.0.2.7",
      data: { status: "pending", kind: "access", level: "read", reason: "an event of its own" },
    });
    expect(event.subjectId).toBe(`req_${event.story}`);
  });

  test("without approval steps is approved at once, its grant on record and its timer started", async () => {
    const event = await leavesOneEvent(story.world, () => story.ask({}, "auditor"));
    const request = await story.request(event.subjectId as Id<"request">);
    expect(request).toMatchObject({ status: "approved", automatic: true, approvedDurationMinutes: 60 });
    expect(request.decidedBy).toBeUndefined();
    const grant = await story.grant(grantIdOf(request.id));
    expect(grant).toMatchObject({
      id: request.grantId,
      state: "planned",
      story: request.story,
      holder: { id: story.world.people.auditor.id },
      account: `dp_${request.story.toLowerCase()}`,
      maxTotalMinutes: 120,
    });
    expect(story.world.timers.at(-1)).toEqual({ id: grant.id, name: grant.id });
  });

  test("break-glass is access at once, for as long as policy leaves it, and is told apart", async () => {
    const broken = await story.ask({ breakGlass: true, durationMinutes: 30 });
    expect(broken).toMatchObject({ kind: "break-glass", status: "approved" });
    expect(await story.grant(grantIdOf(broken.id))).toMatchObject({ durationMinutes: 30 });
    const event = (await story.world.events()).at(-1);
    expect(event?.data).toMatchObject({ kind: "break-glass", status: "approved" });
    const longer = () => story.ask({ breakGlass: true, durationMinutes: 31 });
    await isDenied(story.world, longer, "request.create", "request.refused");
  });
});

describe("who may not", () => {
  test("nobody asks for what no policy gives them: refused with the reason, recorded, nothing filed", async () => {
    const before = await requestCount();
    for (const run of [
      () => story.ask({}, "analyst"),
      () => story.ask({ level: "ddl" }),
      () => story.ask({ durationMinutes: 241 }),
    ]) {
      await isDenied(story.world, run, "request.create", "request.refused");
    }
    expect(await requestCount()).toBe(before);
    await expect(story.ask({ durationMinutes: 241 })).rejects.toMatchObject({
      kind: "forbidden",
      details: { policyCode: "policy.duration-too-long", reasons: ["At most 4 h."] },
    });
  });

  test("who is not signed in is told to sign in, and leaves no trace", async () => {
    await isRefused(story.world, () => story.ask({}, anonymous), "session.required");
  });

  test("a token without the scope may not", async () => {
    const token = { ...story.world.actor("engineer"), scopes: ["read"] as const };
    const actor = { ...token, via: { kind: "token", id: "tok_01JD8Z5K3QW8R4T6Y2X9V7B1CN" as Id<"token"> } };
    const run = () => story.ask({}, { ...actor, via: { ...actor.via, kind: "token" } });
    await isDenied(story.world, run, "request.create", "token.scope");
  });

  test("an unknown database is not found, and neither is one that is offered no longer", async () => {
    const unknown = "dbs_01JD8Z5K3QW8R4T6Y2X9V7B1CN";
    await isRefused(story.world, () => story.ask({ databaseId: unknown }), "not-found");
    const { database } = story.registered;
    await commitAll(story.world, [puttingDatabase(story.world, { ...database, present: false })]);
    await isRefused(story.world, () => story.ask(), "not-found");
    await commitAll(story.world, [puttingDatabase(story.world, database)]);
  });

  test("one person holds at most 50 grants", async () => {
    const own = await createStory();
    for (let held = 0; held < 50; held += 1) await own.ask({ durationMinutes: 10 }, "auditor");
    const run = () => own.ask({ durationMinutes: 10 }, "auditor");
    await isDenied(own.world, run, "request.create", "request.too-many-grants");
    await own.world.close();
  });
});

describe("bad input", () => {
  const bad: [string, object][] = [
    ["a reason of spaces", { reason: " \t \n   " }],
    ["a reason with a control character", { reason: "look\u0007 into it" }],
    ["no reason", { reason: undefined }],
    ["a duration of nothing", { durationMinutes: 0 }],
    ["a negative duration", { durationMinutes: -60 }],
    ["a huge duration", { durationMinutes: 1e9 }],
    ["half a minute", { durationMinutes: 0.5 }],
    ["a duration as text", { durationMinutes: "60" }],
    ["an unknown level", { level: "superuser" }],
    ["an unknown field", { approvedDurationMinutes: 60 }],
    ["somebody else's name", { requesterId: "usr_01JD8Z5K3QW8R4T6Y2X9V7B1CN" }],
    ["the id of something else", { databaseId: "ins_01JD8Z5K3QW8R4T6Y2X9V7B1CN" }],
    ["a scope of nothing", { scope: { kind: "objects", objects: [] } }],
    ["a key with a line break", { idempotencyKey: "a\nb" }],
  ];
  test.each(bad)("%s is refused and leaves nothing", async (_what, fields) => {
    const before = await requestCount();
    const run = () => createRequest(story.ctx("engineer"), { ...story.wish(), ...fields } as never);
    await isRefused(story.world, run, "input.invalid");
    expect(await requestCount()).toBe(before);
  });

  test("tables that the database does not have are named", async () => {
    const { database } = story.registered;
    const schemaHash = await storeTables(story.world, database, [customers]);
    const schemaReadAt = story.world.clock.now();
    await commitAll(story.world, [puttingDatabase(story.world, { ...database, schemaHash, schemaReadAt })]);
    const objects = [
      { schema: "public", table: "customers" },
      { schema: "public", table: "custmers" },
      { schema: "secret" },
    ];
    const run = () => story.ask({ scope: { kind: "objects", objects } });
    await isRefused(story.world, run, "scope.unknown");
    await expect(run()).rejects.toMatchObject({
      message: "The database has no table public.custmers, schema secret.",
    });
    const known = await story.ask({ scope: { kind: "objects", objects: [objects[0] ?? { schema: "" }] } });
    expect(known.scope).toEqual({ kind: "objects", objects: [{ schema: "public", table: "customers" }] });
    await commitAll(story.world, [puttingDatabase(story.world, database)]);
  });
});

describe("the quota of open requests", () => {
  test("is refused beyond its limit, and a cancelled request makes room", async () => {
    const { world, wish } = await createStory();
    const ask = () => createRequest(world.ctx("engineer"), wish());
    const first = await ask();
    for (let open = 1; open < world.ctx("engineer").settings.request.openLimit; open += 1) await ask();
    await isRefused(world, ask, "request.too-many-open");
    await expect(ask()).rejects.toMatchObject({ kind: "limited" });
    await cancelRequest(world.ctx("engineer"), { id: first.id });
    await ask();
    await isRefused(world, ask, "request.too-many-open");
    await world.close();
  });

  test("holds when all of them are asked at once", async () => {
    const { world, wish } = await createStory();
    const runs = Array.from({ length: 8 }, () => () => createRequest(world.ctx("engineer"), wish()));
    const outcomes = await Promise.allSettled(runs.map((run) => run()));
    const made = outcomes.filter(({ status }) => status === "fulfilled").length;
    expect(made).toBeLessThanOrEqual(5);
    expect((await listRequests(world, { limit: 100 })).items).toHaveLength(made);
    expect(await world.events()).toHaveLength(made);
    await world.close();
  });
});

describe("an idempotency key", () => {
  test("sent again returns the request that it made, and files nothing", async () => {
    const first = await story.ask({ idempotencyKey: "key-1" });
    await leavesNothing(story.world, async () => {
      expect(await story.ask({ idempotencyKey: "key-1" })).toEqual(first);
    });
    await story.approve(first.id);
    expect(await story.ask({ idempotencyKey: "key-1" })).toMatchObject({ id: first.id, status: "approved" });
  });

  test("reused for something else is refused", async () => {
    await story.ask({ idempotencyKey: "key-2" });
    const run = () => story.ask({ idempotencyKey: "key-2", durationMinutes: 61 });
    await isRefused(story.world, run, "idempotency.reused");
  });

  test("belongs to one person", async () => {
    const first = await story.ask({ idempotencyKey: "key-3" });
    expect((await story.ask({ idempotencyKey: "key-3" }, "lead")).id).not.toBe(first.id);
  });

  test("sent twice at the same moment files one request", async () => {
    const before = await requestCount();
    const run = () => story.ask({ idempotencyKey: "key-4" });
    await oneWins(story.world, [run, run], "idempotency.in-flight");
    expect(await requestCount()).toBe(before + 1);
  });

  test("returns its request also after the database went away", async () => {
    const first = await story.ask({ idempotencyKey: "key-5" });
    const { database } = story.registered;
    await commitAll(story.world, [puttingDatabase(story.world, { ...database, present: false })]);
    expect((await story.ask({ idempotencyKey: "key-5" })).id).toBe(first.id);
    await commitAll(story.world, [puttingDatabase(story.world, database)]);
  });
});

describe("meanwhile", () => {
  test("the instance was deleted: nothing is granted", async () => {
    const { wish, world, registered, ctx } = await createStory();
    const slow = meanwhile(ctx("auditor"), () =>
      commitAll(world, [deletingInstance(world, registered.instance)]),
    );
    await isRefused(world, () => createRequest(slow, wish()), "instance.deleted");
    expect((await listGrants(world, { limit: 10 })).items).toEqual([]);
    expect((await listRequests(world, { limit: 10 })).items).toEqual([]);
    expect(world.timers).toEqual([]);
    await world.close();
  });

  test("the requester was suspended: their request is approved no more", async () => {
    const { ask, approve, world, ctx } = await createStory();
    const { id } = await ask();
    await suspendUser(ctx("administrator"), { id: world.people.engineer.id, reason: "left the company" });
    await isRefused(world, () => approve(id), "request.requester-suspended");
    expect((await listGrants(world, { limit: 10 })).items).toEqual([]);
    await world.close();
  });
});
