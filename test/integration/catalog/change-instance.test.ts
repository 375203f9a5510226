import { changeInstance } from "@daypass/core/catalog/change-instance.ts";
import { createEnvironment } from "@daypass/core/catalog/create-environment.ts";
import { createNetwork } from "@daypass/core/catalog/create-network.ts";
import { deleteEnvironment } from "@daypass/core/catalog/delete-environment.ts";
import { listDatabases } from "@daypass/core/catalog/list-databases.ts";
import { planningGrant } from "@daypass/core/grant/grant.store.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createWorld, type World } from "../harness.ts";
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

const change = (fields: object, who: "administrator" | "engineer" = "administrator") =>
  changeInstance(world.ctx(who), {
    id: shop.instance.id,
    version: 1,
    name: "shop-staging",
    engine: "postgres",
    environmentId: shop.environment.id,
    networkId: shop.network.id,
    secretName: "daypass/admin/shop-staging",
    ...fields,
  });

test("a change counts and says before and after in exactly one event", async () => {
  const event = await leavesOneEvent(world, () => change({ tls: "require", labels: { team: "shop" } }));
  expect(event.data).toMatchObject({
    changed: expect.arrayContaining(["tls", "version"]) as unknown,
    before: expect.stringContaining('"tls":"disable"') as unknown,
    after: expect.stringContaining('"tls":"require"') as unknown,
  });
});

test("moved to another environment, the old one can go and the new one cannot", async () => {
  const ctx = world.ctx("administrator");
  const other = await createEnvironment(ctx, { name: "prod", rank: 30, protected: true });
  expect(await change({ environmentId: other.id })).toMatchObject({ environment: { name: "prod" } });
  await isRefused(world, () => deleteEnvironment(ctx, { id: other.id, version: 1 }), "environment.in-use");
  await deleteEnvironment(ctx, { id: shop.environment.id, version: 1 });
});

test("patterns take a database out of the offer at once, without another inspection", async () => {
  await find(world, shop.instance.id, ["shop", "payroll"]);
  expect(await change({ databasePatterns: ["shop*"] })).toMatchObject({ databaseCount: 1 });
  const { items } = await listDatabases(world.ctx("engineer"), {});
  expect(items.map(({ name }) => name)).toEqual(["shop"]);
});

test("the network stays while a grant lives: it is needed to take the account back", async () => {
  const [database] = await find(world, shop.instance.id, ["shop"]);
  if (!database) throw new Error("no database");
  await commitAll(world, [planningGrant(world, plannedGrant(world, database, shop.network.id))]);
  const other = await createNetwork(world.ctx("administrator"), { name: "other" });
  await isRefused(world, () => change({ networkId: other.id }), "instance.has-grants");
});

test("the engine stays once databases are known", async () => {
  await find(world, shop.instance.id, ["shop"]);
  await isRefused(world, () => change({ engine: "mysql" }), "instance.engine-fixed");
});

test("bad input is refused", async () => {
  await isRefused(world, () => change({ secretName: "no spaces please" }), "input.invalid");
});

test("who is no administrator may not, and that is recorded", async () => {
  await isDenied(world, () => change({}, "engineer"), "instance.change");
});

test("an old version is refused, and of two changes at once one wins", async () => {
  await oneWins(
    world,
    [() => change({ tls: "verify" }), () => change({ tls: "require" })],
    "instance.changed",
  );
  await isRefused(world, () => change({}), "instance.changed");
});

test("a grant's secret does not come to pass for an administrator's", async () => {
  const secretName = "daypass/test/grants/grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN";
  await isRefused(world, () => change({ secretName }), "instance.secret-of-grant");
});
