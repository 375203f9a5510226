import { listAllUsers } from "@daypass/core/identity/list-users.ts";
import { userView } from "@daypass/core/identity/user.view.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorld, type World } from "../harness.ts";
import { isDenied, isRefused, leavesNothing } from "../outcome.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** Every page until the end, as a client that follows cursors does. */
async function names(q: string | undefined, limit: number): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listAllUsers(world.ctx("auditor"), {
      limit,
      ...(q ? { q } : {}),
      ...(cursor ? { cursor } : {}),
    });
    found.push(...page.items.map(({ name }) => name));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return found;
}

const everybody = ["Erin Vale", "Jonas Wren", "Nils Okoro", "Oscar Brandt", "Priya Castell", "Tomoko Lind"];

test.for([1, 2, 3, 50])(
  "people come by name, in pages of %i that miss none and repeat none",
  async (limit) => {
    expect(await names(undefined, limit)).toEqual(everybody);
  },
);

test.for([
  ["eri", ["Erin Vale"]],
  ["PRIYA C", ["Priya Castell"]],
  ["nils.okoro@", ["Nils Okoro"]],
  ["o", ["Oscar Brandt"]],
  ["zz", []],
] as const)("search finds by the beginning of name or mail address: %s", async ([q, expected]) => {
  expect(await names(q, 50)).toEqual(expected);
  expect(await names(q, 1)).toEqual(expected);
});

test("roles and suspension are shown as of now, in the shape of the API", async () => {
  const { items } = await listAllUsers(world.ctx("administrator"), {});
  expect(items.find(({ name }) => name === "Priya Castell")).toMatchObject({
    roles: ["administrator", "member"],
  });
  expect(items.find(({ name }) => name === "Jonas Wren")?.suspendedAt).not.toBeNull();
  for (const item of items) expect(userView.parse(item)).toEqual(item);
});

test("bad input is refused", async () => {
  await isRefused(world, () => listAllUsers(world.ctx("auditor"), { limit: 101 }), "input.invalid");
});

test("a cursor of one list is refused by another", async () => {
  const { nextCursor } = await listAllUsers(world.ctx("auditor"), { limit: 1 });
  const cursor = nextCursor?.replace("name_", "mail_") ?? "";
  await isRefused(world, () => listAllUsers(world.ctx("auditor"), { cursor }), "page.cursor");
});

test("members may not, and that is recorded", async () => {
  await isDenied(world, () => listAllUsers(world.ctx("lead"), {}), "user.list");
});

test("listing leaves no event", async () => {
  await leavesNothing(world, () => listAllUsers(world.ctx("auditor"), {}));
});
