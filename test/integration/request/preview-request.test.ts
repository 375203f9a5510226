import { puttingDatabase } from "@daypass/core/catalog/database.store.ts";
import { storeTables } from "@daypass/core/catalog/schema.store.ts";
import { createToken } from "@daypass/core/identity/create-token.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import { previewRequest } from "@daypass/core/request/preview-request.ts";
import { listRequests } from "@daypass/core/request/request.store.ts";
import { previewView } from "@daypass/core/request/request.view.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { customers } from "../catalog/shop.ts";
import type { Person } from "../harness.ts";
import { isRefused, leavesNothing } from "../outcome.ts";
import { anonymous, createStory, type Story } from "../story.ts";

let story: Story;
beforeAll(async () => {
  story = await createStory();
});
afterAll(() => story.world.close());

const preview = (fields: object = {}, who: Person = "engineer") => {
  const { reason: _reason, ...wish } = story.wish();
  return previewRequest(story.ctx(who), { ...wish, ...fields });
};

test("it says who will decide, for how long at most, and the very privileges; nothing is filed", async () => {
  await leavesNothing(story.world, async () => {
    const shown = await preview();
    expect(previewView.parse(shown)).toEqual(shown);
    expect(shown).toMatchObject({
      allowed: true,
      reasons: [],
      automatic: false,
      steps: [
        {
          name: "Team lead",
          count: 1,
          groups: ["leads", "administrators"],
          approvedBy: [],
          status: "current",
        },
      ],
      maxDurationMinutes: 240,
      policy: { name: "Engineers read production" },
    });
    expect(shown.privileges.sql.join("\n")).toContain("CREATE ROLE");
  });
  expect((await listRequests(story.world, { limit: 10 })).items).toEqual([]);
});

test("what is approved by itself is told so, and break-glass has its own longest duration", async () => {
  expect(await preview({}, "auditor")).toMatchObject({ automatic: true, steps: [], maxDurationMinutes: 60 });
  expect(await preview({ breakGlass: true, durationMinutes: 30 })).toMatchObject({
    automatic: true,
    maxDurationMinutes: 30,
  });
});

test("what is not allowed has its reasons and is no error; too long still says how long would do", async () => {
  expect(await preview({}, "analyst")).toMatchObject({
    allowed: false,
    reasons: ["No policy lets you ask for read on shop."],
    steps: [],
    maxDurationMinutes: null,
    policy: null,
  });
  expect(await preview({ durationMinutes: 300 })).toMatchObject({
    allowed: false,
    reasons: ["At most 4 h."],
    maxDurationMinutes: 240,
  });
});

test("tables that the database does not have are named", async () => {
  const { database } = story.registered;
  const schemaHash = await storeTables(story.world, database, [customers]);
  const schemaReadAt = story.world.clock.now();
  await commitAll(story.world, [puttingDatabase(story.world, { ...database, schemaHash, schemaReadAt })]);
  const scope = { kind: "objects", objects: [{ schema: "public", table: "orders" }] };
  expect(await preview({ scope })).toMatchObject({
    allowed: false,
    reasons: ["The database has no table public.orders."],
  });
});

test("bad input and unknown databases are refused", async () => {
  await isRefused(story.world, () => preview({ durationMinutes: -1 }), "input.invalid");
  await isRefused(story.world, () => preview({ reason: "not asked for here" }), "input.invalid");
  await isRefused(story.world, () => preview({ databaseId: "dbs_01JD8Z5K3QW8R4T6Y2X9V7B1CN" }), "not-found");
});

test("who is not signed in may not, and a token needs the scope", async () => {
  const { reason: _reason, ...wish } = story.wish();
  await isRefused(story.world, () => previewRequest(story.ctx(anonymous), wish), "session.required");
  const made = await createToken(story.ctx("engineer"), {
    name: "ci",
    scopes: ["credential"],
    expiresInDays: 1,
  });
  const actor = {
    ...story.world.actor("engineer"),
    scopes: made.scopes,
    via: { kind: "token", id: made.id },
  } as const;
  await expect(previewRequest(story.ctx(actor), wish)).rejects.toMatchObject({ code: "token.scope" });
});
