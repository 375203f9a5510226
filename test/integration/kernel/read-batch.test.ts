import { BatchGetCommand } from "@aws-sdk/lib-dynamodb";
import { findGrantsNow, planningGrant } from "@daypass/core/grant/grant.store.ts";
import type { Grant } from "@daypass/core/grant/grant.ts";
import { type Id, idFrom, newId, ulidOf } from "@daypass/core/kernel/ids.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createStory, type Story } from "../story.ts";

let story: Story;
let ids: Id<"grant">[];
beforeAll(async () => {
  story = await createStory();
  const one = await story.plannedGrant();
  ids = await plannedBeside(one, 249);
  ids.push(one.id);
});
afterEach(() => faults().set([]));
afterAll(() => story.world.close());

const faults = () => story.world.table.dynamoDb.faults;
const find = () => findGrantsNow(story.world, ids);

describe("a batch read", () => {
  test.each([
    ["a third of the keys is left unread", { share: 0.33 }],
    ["two of three keys are left unread", { share: 0.67 }],
    ["three answers are empty", { times: 3 }],
  ])("finds all of 250 when %s", async (_what, fault) => {
    faults().set([{ fault: "unprocessed-keys", seed: 7, ...fault }]);
    expect([...(await find()).keys()].toSorted()).toEqual(ids.toSorted());
    expect(faults().rules()[0]?.struck).toBeGreaterThan(2);
  });

  test("is unavailable when keys stay unread, and has waited between its attempts, not for ever", async () => {
    faults().set([{ fault: "unprocessed-keys" }]);
    const waits: number[] = [];
    const clock = { ...story.world.clock, sleep: async (ms: number) => void waits.push(ms) };
    await expect(findGrantsNow({ ...story.world, clock }, ids)).rejects.toMatchObject({
      name: "DomainError",
      kind: "unavailable",
      code: "table.partial",
    });
    expect(waits).toHaveLength(6);
    for (const [at, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(20 * 2 ** at);
      expect(wait).toBeLessThanOrEqual(40 * 2 ** at);
    }
  });

  test("is unavailable when one key alone stays unread", async () => {
    const [never] = ids;
    const client = leavingUnread(never ?? "");
    const table = { ...story.world.table, client };
    await expect(findGrantsNow({ ...story.world, table }, ids)).rejects.toMatchObject({
      code: "table.partial",
      details: { unread: 1 },
    });
  });

  test("leaves out what does not exist, and asks for what was named twice once", async () => {
    const [one] = ids;
    const missing = newId("grant", story.world.ids);
    const found = await findGrantsNow(story.world, [...ids.slice(0, 2), missing, ...(one ? [one] : [])]);
    expect([...found.keys()].toSorted()).toEqual(ids.slice(0, 2).toSorted());
  });
});

/** A client whose batch reads never read the item with this in its key. */
function leavingUnread(id: string) {
  return new Proxy(story.world.table.client, {
    get(target, name) {
      if (name !== "send") return Reflect.get(target, name) as unknown;
      return async (command: BatchGetCommand) => {
        const { name: table } = story.world.table;
        const Keys = command.input.RequestItems?.[table]?.Keys ?? [];
        const [left, read] = [
          Keys.filter((key) => String(key["pk"]).includes(id)),
          Keys.filter((key) => !String(key["pk"]).includes(id)),
        ];
        const answer =
          read.length === 0
            ? { Responses: {} }
            : await target.send(new BatchGetCommand({ RequestItems: { [table]: { Keys: read } } }));
        return left.length === 0 ? answer : { ...answer, UnprocessedKeys: { [table]: { Keys: left } } };
      };
    },
  });
}

async function plannedBeside(grant: Grant, count: number): Promise<Id<"grant">[]> {
  const many = Array.from({ length: count }, () => {
    const id = newId("grant", story.world.ids);
    return { ...grant, id, story: ulidOf(id), requestId: idFrom("request", ulidOf(id)), version: 1 };
  });
  for (let done = 0; done < count; done += 100) {
    const part = many.slice(done, done + 100);
    await commitAll(
      story.world,
      part.map((one) => planningGrant(story.world, one)),
    );
  }
  return many.map(({ id }) => id);
}
