import { changeInstance } from "@daypass/core/catalog/change-instance.ts";
import { listInstances } from "@daypass/core/catalog/instance.store.ts";
import { listDatabases } from "@daypass/core/catalog/list-databases.ts";
import { createPolicy } from "@daypass/core/policy/create-policy.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorld, type Person, type World } from "../harness.ts";
import { isRefused, leavesNothing } from "../outcome.ts";
import { find, registerServer } from "./shop.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
  const { instance } = await registerServer(world);
  await find(world, instance.id, ["shop", "payroll", "old"]);
  await find(world, instance.id, ["shop", "payroll"], ["old"]);
  await createPolicy(world.ctx("administrator"), {
    policy: {
      name: "Engineers read the shop",
      effect: "allow",
      who: { groups: ["engineers"] },
      may: { levels: ["read"] },
      on: { databases: ["shop"] },
      for: { maxDurationMinutes: 240 },
      approval: [{ count: 1, users: [world.people.lead.id], groups: ["leads"] }],
    },
  });
});
afterAll(() => world.close());

const list = (who: Person, input: object = {}) => listDatabases(world.ctx(who), input);
const names = async (who: Person, input?: object) => (await list(who, input)).items.map(({ name }) => name);

test("everybody sees every database that is offered, with what they may ask for and why not", async () => {
  const { items } = await list("engineer");
  const [payroll, shop] = items;
  expect(shop).toMatchObject({
    name: "shop",
    instance: { name: "shop-staging" },
    environment: { name: "staging", protected: false },
    labels: { team: "shop" },
    health: "ok",
    askable: [
      {
        level: "read",
        allowed: true,
        maxDurationMinutes: 240,
        automatic: false,
        steps: [{ count: 1, users: ["Tomoko Lind"], groups: ["leads"] }],
      },
      { level: "write", allowed: false },
      { level: "ddl", allowed: false },
    ],
  });
  expect(payroll?.askable.map(({ allowed }) => allowed)).toEqual([false, false, false]);
  expect(payroll?.askable[0]?.reasons).toEqual(["No policy lets you ask for read on payroll."]);
});

test("a database that vanished is seen by administrators and auditors only", async () => {
  expect(await names("engineer")).toEqual(["payroll", "shop"]);
  expect(await names("auditor")).toEqual(["old", "payroll", "shop"]);
  const [old] = (await list("administrator")).items;
  expect(old).toMatchObject({ present: false });
  expect(old?.askable.some(({ allowed }) => allowed)).toBe(false);
});

test.for([
  ["pay", ["payroll"]],
  ["SHOP-STAGING roll", ["payroll"]],
  ["staging shop", ["payroll", "shop"]],
  ["team=shop", ["payroll", "shop"]],
  ["production", []],
] as const)("search finds by name, instance, environment and label: %s", async ([q, expected]) => {
  expect(await names("engineer", { q })).toEqual(expected);
});

test("pages miss none and repeat none", async () => {
  const first = await list("engineer", { limit: 1 });
  const second = await list("engineer", { limit: 1, cursor: first.nextCursor });
  expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(["payroll", "shop"]);
  expect(second.nextCursor).toBeNull();
});

test("bad input is refused", async () => {
  await isRefused(world, () => list("engineer", { limit: 1000 }), "input.invalid");
  await isRefused(world, () => list("engineer", { owner: "me" }), "input.invalid");
});

test("who is not signed in sees none", async () => {
  await isRefused(world, () => listDatabases(world.ctx({ kind: "anonymous" }), {}), "session.required");
});

test("listing leaves no event", async () => {
  await leavesNothing(world, () => list("engineer"));
});

test("what an instance no longer offers is gone for members", async () => {
  const { instance } = await registered();
  await changeInstance(world.ctx("administrator"), { ...instance, databasePatterns: ["sh*"] });
  expect(await names("engineer")).toEqual(["shop"]);
});

async function registered() {
  const [instance] = await listInstances(world);
  if (!instance) throw new Error("no instance");
  return { instance: { ...instance, databasePatterns: [], labels: { ...instance.labels } } };
}
