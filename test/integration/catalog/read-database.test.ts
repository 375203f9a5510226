import { readDatabase } from "@daypass/core/catalog/read-database.ts";
import { planningGrant } from "@daypass/core/grant/grant.store.ts";
import type { Id } from "@daypass/core/kernel/ids.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import { createPolicy } from "@daypass/core/policy/create-policy.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorld, type Person, type World } from "../harness.ts";
import { isRefused, leavesNothing } from "../outcome.ts";
import { plannedGrant } from "./planned-grant.ts";
import { customers, find, registerServer } from "./shop.ts";

let world: World;
let ids: Record<string, Id<"database">>;
beforeAll(async () => {
  world = await createWorld();
  const { instance, network } = await registerServer(world);
  await find(world, instance.id, ["shop", "old"]);
  const found = await find(world, instance.id, ["shop"], ["old"]);
  ids = Object.fromEntries(found.map(({ name, id }) => [name, id]));
  await createPolicy(world.ctx("administrator"), {
    policy: {
      name: "Engineers read the shop",
      effect: "allow",
      who: { groups: ["engineers"] },
      may: { levels: ["read"] },
      on: { databases: ["shop"] },
      for: { maxDurationMinutes: 240 },
      approval: [{ count: 1, groups: ["leads"] }],
    },
  });
  const shop = found.find(({ name }) => name === "shop");
  if (!shop) throw new Error("no database");
  await commitAll(world, [planningGrant(world, plannedGrant(world, shop, network.id, "engineer"))]);
});
afterAll(() => world.close());

const read = (who: Person, name = "shop") => readDatabase(world.ctx(who), { id: ids[name] ?? "" });

test("who may ask sees the schema, and neither holders nor policies", async () => {
  expect(await read("lead")).toMatchObject({
    name: "shop",
    tables: [customers],
    liveGrantCount: 1,
    holders: [],
    policies: [],
    recentRequests: [],
  });
});

test("who may not ask sees the name and why not, and no schema", async () => {
  const database = await read("analyst");
  expect(database).toMatchObject({ name: "shop", tables: [], schemaReadAt: null, holders: [], policies: [] });
  expect(database.askable[0]?.reasons).not.toEqual([]);
});

test("auditors see schema, holders and policies", async () => {
  expect(await read("auditor")).toMatchObject({
    tables: [customers],
    holders: [{ name: "Erin Vale", level: "read" }],
    policies: [{ name: "Engineers read the shop" }],
  });
});

test("a database that vanished is not found by members, and is found by administrators", async () => {
  await isRefused(world, () => read("engineer", "old"), "not-found");
  expect(await read("administrator", "old")).toMatchObject({ present: false });
});

test("bad input is refused, and an unknown id is not found", async () => {
  await isRefused(world, () => readDatabase(world.ctx("lead"), { id: "shop" }), "input.invalid");
  const id = "dbs_01JD8Z5K3QW8R4T6Y2X9V7B1CN";
  await isRefused(world, () => readDatabase(world.ctx("lead"), { id }), "not-found");
});

test("who is not signed in sees none", async () => {
  const run = () => readDatabase(world.ctx({ kind: "anonymous" }), { id: ids["shop"] ?? "" });
  await isRefused(world, run, "session.required");
});

test("reading leaves no event", async () => {
  await leavesNothing(world, () => read("engineer"));
});
