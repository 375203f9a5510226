import { createInstance } from "@daypass/core/catalog/create-instance.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorld, type World } from "../harness.ts";
import { isDenied, isRefused, leavesOneEvent, oneWins } from "../outcome.ts";
import { registerServer } from "./shop.ts";

let world: World;
let place: { environmentId: string; networkId: string };
beforeAll(async () => {
  world = await createWorld();
  const { environment, network } = await registerServer(world);
  place = { environmentId: environment.id, networkId: network.id };
});
afterAll(() => world.close());

const create = (fields: object, who: "administrator" | "engineer" = "administrator") =>
  createInstance(world.ctx(who), {
    name: "orders",
    engine: "postgres",
    secretName: "daypass/admin/orders",
    ...place,
    ...fields,
  });

test("a registered instance is not inspected yet and holds nothing, and exactly one event says so", async () => {
  let made: unknown;
  const event = await leavesOneEvent(world, async () => {
    made = await create({});
  });
  expect(made).toMatchObject({
    name: "orders",
    environment: { name: "staging" },
    network: { name: "default" },
    tls: "verify",
    databasePatterns: [],
    labels: {},
    databaseCount: 0,
    liveGrantCount: 0,
    inspection: { status: "never", checks: [] },
    version: 1,
  });
  expect(event).toMatchObject({
    operation: "instance.create",
    data: { name: "orders", environment: "staging", secretName: "daypass/admin/orders" },
  });
});

test("a secret that RDS manages comes with the endpoint of its server", async () => {
  const host = "shop.cluster-abc123.eu-west-1.rds.amazonaws.com";
  const made = await create({ name: "managed", secretName: "rds!cluster-1", host, port: 5433 });
  expect(made).toMatchObject({ secretName: "rds!cluster-1", host, port: 5433 });
});

test.for([
  { engine: "oracle" },
  { secretName: "" },
  { secretName: "a b" },
  { secretName: "arn:aws:s3:::bucket" },
  { labels: { "bad key": "x" } },
  { labels: { team: "a\u200bb" } },
  { databasePatterns: [""] },
  { tls: "maybe" },
  { host: "db.example.com" },
  { host: "10.0.0.7" },
  { host: "rds.amazonaws.com.example.com" },
  { host: "x.y.rds.amazonaws.com/path" },
  { host: "X.Y.rds.amazonaws.com" },
  { port: 0 },
  { password: "x" },
])("bad input is refused: %j", async (fields) => {
  await isRefused(world, () => create({ name: "bad", ...fields }), "input.invalid");
});

test.for(["rds!cluster-0a1b2c3d", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-0a1b-AbCdEf"])(
  "a secret that RDS manages can be named: %s",
  async (secretName) => {
    expect(await create({ name: secretName.slice(-6), secretName })).toMatchObject({ secretName });
  },
);

test.for([
  "daypass/test/grants/grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN",
  "arn:aws:secretsmanager:eu-west-1:123456789012:secret:daypass/test/grants/grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN-AbCdEf",
])("a grant's secret does not pass for an administrator's: %s", async (secretName) => {
  await isRefused(world, () => create({ name: "hers", secretName }), "instance.secret-of-grant");
});

test("an environment or network that does not exist is refused", async () => {
  const nowhere = "01JD8Z5K3QW8R4T6Y2X9V7B1CN";
  const inNone = () => create({ name: "n", environmentId: `env_${nowhere}` });
  await isRefused(world, inNone, "instance.unknown-environment");
  const onNone = () => create({ name: "n", networkId: `net_${nowhere}` });
  await isRefused(world, onNone, "instance.unknown-network");
});

test("who is no administrator may not, and that is recorded", async () => {
  await isDenied(world, () => create({ name: "x" }, "engineer"), "instance.create");
});

test("of two with the same name at once, one is made", async () => {
  const run = () => create({ name: "twin" });
  await oneWins(world, [run, run], "instance.name-taken");
});
