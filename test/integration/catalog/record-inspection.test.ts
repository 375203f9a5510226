import { findDatabase, listDatabaseRecords } from "@daypass/core/catalog/database.store.ts";
import { inspectInstance } from "@daypass/core/catalog/inspect-instance.ts";
import { findInspection } from "@daypass/core/catalog/inspection.store.ts";
import { recordInspection } from "@daypass/core/catalog/record-inspection.ts";
import type { Id } from "@daypass/core/kernel/ids.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createWorld, type World } from "../harness.ts";
import { isDenied, isRefused, leavesOneEvent, oneWins } from "../outcome.ts";
import { find, registerServer, workflow } from "./shop.ts";

let world: World;
let instanceId: Id<"instance">;
beforeEach(async () => {
  world = await createWorld();
  instanceId = (await registerServer(world)).instance.id;
});
afterEach(() => world.close());

async function begin() {
  await inspectInstance(world.ctx("administrator"), { id: instanceId });
  const inspection = await findInspection(world, instanceId);
  return { instanceId, run: inspection?.run ?? "" };
}
const finish = { serverVersion: "PostgreSQL 17.1", connections: { max: 100, reserved: 3 }, checks: [] };
const record = (input: object) =>
  recordInspection(world.ctx(workflow), { outcome: "found", databases: [], ...input } as never);

test("what was found is known, and exactly one event says what", async () => {
  const at = await begin();
  const databases = [{ name: "shop", present: true, schemaHash: "h" }];
  const event = await leavesOneEvent(world, () => record({ ...at, databases, finish }));
  expect(event).toMatchObject({
    operation: "instance.record-inspection",
    actor: { kind: "system", name: "workflow" },
    data: { present: ["shop"], vanished: [], health: "ok", serverVersion: "PostgreSQL 17.1" },
  });
  expect(await listDatabaseRecords(world)).toMatchObject([
    { name: "shop", present: true, schemaHash: "h", schemaReadAt: world.clock.now() },
  ]);
});

test("a database that vanishes and comes back keeps its id", async () => {
  const [shop] = await find(world, instanceId, ["shop"]);
  if (!shop) throw new Error("no database");
  await find(world, instanceId, [], ["shop"]);
  expect(await findDatabase(world, shop.id)).toMatchObject({
    present: false,
    schemaReadAt: expect.any(String) as unknown,
  });
  await find(world, instanceId, ["shop"]);
  expect(await findDatabase(world, shop.id)).toMatchObject({ present: true });
});

test("a check that misses something asks for attention", async () => {
  const checks = [
    { name: "createrole", status: "missing", message: "No.", remedy: [{ database: "any", sql: "ALTER…" }] },
  ];
  await record({ ...(await begin()), finish: { ...finish, checks } });
  expect(await findInspection(world, instanceId)).toMatchObject({ status: "done", health: "attention" });
});

test("a failure is recorded as one, with its sentence", async () => {
  const at = await begin();
  const { events } = await world.watch(() =>
    recordInspection(world.ctx(workflow), { outcome: "failed", ...at, error: "No route to host." }),
  );
  expect(events).toMatchObject([{ outcome: "failed", data: { error: "No route to host." } }]);
  expect(await findInspection(world, instanceId)).toMatchObject({ status: "failed", health: "unreachable" });
});

test("bad input is refused", async () => {
  const at = await begin();
  await isRefused(world, () => record({ ...at, databases: [{ name: "" }] }), "input.invalid");
  await isRefused(world, () => record({ ...at, password: "x" }), "input.invalid");
});

test("only the workflow may; to everybody else it does not exist, and that is recorded", async () => {
  const at = await begin();
  const run = () =>
    recordInspection(world.ctx("administrator"), { outcome: "found", ...at, databases: [], finish });
  await isDenied(world, run, "instance.record-inspection", "not-found");
});

test("of two reports of one run one counts, and one of an older run never does", async () => {
  const at = await begin();
  const run = () => record({ ...at, databases: [{ name: "shop", present: true }], finish });
  await oneWins(world, [run, run], "inspection.changed");
  await isRefused(world, run, "inspection.changed");
  await begin();
  await isRefused(world, run, "inspection.changed");
  expect(await listDatabaseRecords(world)).toHaveLength(1);
});
