import { endGrant } from "@daypass/core/grant/end-grant.ts";
import { grantView } from "@daypass/core/grant/grant.view.ts";
import { listAllGrants, listMyGrants } from "@daypass/core/grant/list-grants.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Person } from "../harness.ts";
import { isDenied, isRefused, leavesNothing } from "../outcome.ts";
import { anonymous, createStory, type Story } from "../story.ts";

let story: Story;
/** The engineer's two that ended, in the order of their making, then one planned and one active; the auditor's. */
let ids: { ended: string[]; planned: string; active: string; auditors: string };
beforeAll(async () => {
  story = await createStory();
  const ended: string[] = [];
  for (let made = 0; made < 3; made += 1) {
    const { id } = await story.activeGrant();
    await endGrant(story.ctx("engineer"), { id });
    await story.turn(id);
    ended.push(id);
  }
  const planned = (await story.plannedGrant()).id;
  const active = (await story.activeGrant()).id;
  const { grantId = active } = await story.ask({ durationMinutes: 20 }, "auditor");
  await story.turn(grantId);
  ids = { ended, planned, active, auditors: grantId };
});
afterAll(() => story.world.close());

const mine = (who: Person, fields: object = {}) => listMyGrants(story.ctx(who), fields);
const all = (who: Person, fields: object) => listAllGrants(story.ctx(who), { view: "all", ...fields });
const idsOf = (page: { items: { id: string }[] }) => page.items.map((grant) => grant.id);

describe("one's own", () => {
  test("all live ones come first, then the ended ones newest first; reading leaves no event", async () => {
    await leavesNothing(story.world, async () => {
      const page = await mine("engineer");
      expect(idsOf(page)).toEqual([ids.active, ids.planned, ...ids.ended.toReversed()]);
      expect(page.items.map((item) => grantView.parse(item))).toEqual(page.items);
    });
    expect(idsOf(await mine("auditor"))).toEqual([ids.auditors]);
    expect(idsOf(await mine("analyst"))).toEqual([]);
  });

  test("come in pages, the live ones once", async () => {
    const first = await mine("engineer", { limit: 2 });
    expect(idsOf(first)).toEqual([ids.active, ids.planned, ids.ended[2], ids.ended[1]]);
    const second = await mine("engineer", { limit: 2, cursor: first.nextCursor });
    expect(idsOf(second)).toEqual([ids.ended[0]]);
    expect(second.nextCursor).toBeNull();
  });
});

describe("everybody's", () => {
  test("are for administrators and auditors: the live ones by their end, or all newest first", async () => {
    for (const who of ["administrator", "auditor"] as const) {
      await leavesNothing(story.world, async () => {
        expect(idsOf(await all(who, { view: "active" }))).toEqual([ids.auditors, ids.active, ids.planned]);
        const everything = [...ids.ended, ids.planned, ids.active, ids.auditors].toReversed();
        expect(idsOf(await all(who, {}))).toEqual(everything);
      });
    }
  });

  test("come in pages without loss or repetition", async () => {
    const found: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await all("auditor", { view: "active", limit: 1, ...(cursor ? { cursor } : {}) });
      found.push(...idsOf(page));
      cursor = page.nextCursor;
    } while (cursor);
    expect(found).toEqual([ids.auditors, ids.active, ids.planned]);
  });

  test("are refused to others, and that is recorded", async () => {
    for (const who of ["engineer", "lead", "analyst"] as const) {
      await isDenied(story.world, () => all(who, {}), "grant.list-all");
    }
    const run = () => listAllGrants(story.ctx(anonymous), { view: "all" });
    await isRefused(story.world, run, "session.required");
    await isRefused(story.world, () => listMyGrants(story.ctx(anonymous), {}), "session.required");
  });
});

test("bad input is refused, and a cursor of another list is no fault of ours", async () => {
  await isRefused(story.world, () => mine("engineer", { holder: "x" }), "input.invalid");
  await isRefused(story.world, () => mine("engineer", { limit: 1000 }), "input.invalid");
  await isRefused(story.world, () => all("auditor", { view: "mine" }), "input.invalid");
  await isRefused(story.world, () => mine("engineer", { cursor: "AAAA" }), "page.cursor");
  const other = await all("auditor", { limit: 1 });
  await isRefused(story.world, () => mine("engineer", { cursor: other.nextCursor }), "page.cursor");
});
