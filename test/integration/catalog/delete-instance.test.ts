import { listDatabaseRecords } from "@daypass/core/catalog/database.store.ts";
import { deleteInstance } from "@daypass/core/catalog/delete-instance.ts";
import { instanceStays } from "@daypass/core/catalog/instance.store.ts";
import { listDueComparisons, notingPlan } from "@daypass/core/catalog/last-plan.store.ts";
import { loadTables } from "@daypass/core/catalog/schema.store.ts";
import { planningGrant } from "@daypass/core/grant/grant.store.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createWorld, type World } from "../harness.ts";
import { meanwhile } from "../meanwhile.ts";
import { isDenied, isRefused, leavesOneEvent, oneWins } from "../outcome.ts";
import { plannedGrant } from "./planned-grant.ts";
import { find, registerServer } from "./shop.ts";

let world: World;
let shop: Awaited<ReturnType<typeof registerServer>>;
beforeEach(async () => {
  world = await createWorld();
  shop = await registerServer(world);
});
afterEach(() => world.close());

const remove = (version: unknown = 1, who: "administrator" | "engineer" = "administrator") =>
  deleteInstance(world.ctx(who), { id: shop.instance.id, version });

test("an instance goes with its databases and schemas, and exactly one event says so", async () => {
  await find(world, shop.instance.id, ["shop"]);
  const [database] = await listDatabaseRecords(world);
  if (!database) throw new Error("no database");
  expect(await loadTables(world, database)).toHaveLength(1);
  const event = await leavesOneEvent(world, () => remove());
  expect(event).toMatchObject({
    operation: "instance.delete",
    data: { name: "shop-staging", databases: ["shop"] },
  });
  expect(await listDatabaseRecords(world)).toEqual([]);
  expect(await loadTables(world, database)).toEqual([]);
});

test("an instance with a live grant stays, and the sentence says how many", async () => {
  const [database] = await find(world, shop.instance.id, ["shop"]);
  if (!database) throw new Error("no database");
  await commitAll(world, [planningGrant(world, plannedGrant(world, database, shop.network.id))]);
  const { error } = await world.watch(() => remove());
  expect(error).toMatchObject({
    kind: "conflict",
    code: "instance.has-grants",
    message: "1 grant is not revoked yet on this instance; end them first.",
  });
});

test("a grant that is planned while the instance is being deleted keeps it, also before any index knows", async () => {
  const plan = () => commitAll(world, [notingPlan(world, shop.instance.id)]);
  const { error } = await world.watch(() =>
    deleteInstance(meanwhile(world.ctx("administrator"), plan), { id: shop.instance.id, version: 1 }),
  );
  expect(error).toMatchObject({ kind: "conflict", code: "instance.just-granted" });
  await isRefused(world, () => remove(), "instance.just-granted");
  world.clock.advance({ minutes: 2 });
  expect(await listDueComparisons(world, world.clock.now())).toEqual([shop.instance.id]);
  await remove();
  expect(await listDueComparisons(world, world.clock.now())).toEqual([]);
});

test("a transaction that needs the instance fails once it is gone", async () => {
  await commitAll(world, [instanceStays(world, shop.instance.id)]);
  await remove();
  await expect(commitAll(world, [instanceStays(world, shop.instance.id)])).rejects.toMatchObject({
    code: "instance.deleted",
  });
});

test("bad input is refused", async () => {
  await isRefused(world, () => remove("first"), "input.invalid");
});

test("who is no administrator may not, and that is recorded", async () => {
  await isDenied(world, () => remove(1, "engineer"), "instance.delete");
});

test("an old version is refused, and of two at once one deletes", async () => {
  await isRefused(world, () => remove(2), "instance.changed");
  await oneWins(world, [() => remove(), () => remove()], "instance.changed");
});
