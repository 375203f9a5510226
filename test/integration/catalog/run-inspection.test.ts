import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { InspectionEngine } from "@daypass/core/catalog/engine.port.ts";
import { failInspection } from "@daypass/core/catalog/fail-inspection.ts";
import { inspectInstance } from "@daypass/core/catalog/inspect-instance.ts";
import { listDatabases } from "@daypass/core/catalog/list-databases.ts";
import { readDatabase } from "@daypass/core/catalog/read-database.ts";
import { readInstance } from "@daypass/core/catalog/read-instance.ts";
import { type RunInspectionContext, runInspection } from "@daypass/core/catalog/run-inspection.ts";
import { findSlots, freeSlot, takeSlot } from "@daypass/core/grant/slot.store.ts";
import { plusMs } from "@daypass/core/kernel/clock.ts";
import type { Id } from "@daypass/core/kernel/ids.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createWorld, type World } from "../harness.ts";
import { registerServer, workflow } from "./shop.ts";

const password = "correct horse battery staple";
const secret = { username: "admin", password, engine: "postgres", host: "db.example.com", port: 5432 };

let world: World;
let id: Id<"instance">;
beforeEach(async () => {
  world = await createWorld();
  id = (await registerServer(world)).instance.id;
  await inspectInstance(world.ctx("administrator"), { id });
});
afterEach(() => world.close());

/** A server with these databases; each has `tables` tables. */
function server(databases: readonly string[], tables = 1): InspectionEngine {
  return {
    preflight: async () => ({
      version: "PostgreSQL 17.1",
      checks: [
        {
          id: "signal",
          status: "warning",
          sentence: "Sessions of others cannot be ended.",
          statements: [{ database: null, sql: "GRANT pg_signal_backend TO admin" }],
        },
      ],
    }),
    connectionRoom: async () => ({ max: 100, reserved: 3, lent: 0 }),
    listDatabases: async () => [
      ...databases.map((name) => ({ name, acceptsConnections: true })),
      { name: "template0", acceptsConnections: false },
    ],
    readSchema: async (_target, database) => ({
      schemas: [
        {
          name: "public",
          tables: Array.from({ length: tables }, (_, index) => ({
            name: `${database}_${index}`,
            kind: "materialized-view" as const,
            comment: null,
            rowEstimate: null,
            columns: [{ name: "id", type: "bigint", nullable: false, primaryKey: true, comment: null }],
          })),
        },
      ],
    }),
  };
}

function run(engine: InspectionEngine, stored: unknown = secret): Promise<void> {
  const secretsManager = new SecretsManagerClient({ region: "us-east-1" });
  secretsManager.middlewareStack.add(
    () => async (args) => {
      expect(args.input).toEqual(new GetSecretValueCommand({ SecretId: "daypass/admin/shop-staging" }).input);
      if (stored === null) throw new ResourceNotFoundException({ message: "none", $metadata: {} });
      const SecretString = typeof stored === "string" ? stored : JSON.stringify(stored);
      return { output: { SecretString, $metadata: {} }, response: {} };
    },
    { step: "initialize" },
  );
  const ctx: RunInspectionContext = {
    ...world.ctx(workflow),
    secretsManager,
    engines: { for: () => engine },
  };
  return runInspection(ctx, id);
}

const read = () => readInstance(world.ctx("administrator"), { id });

test("databases, checks and schemas are known after one run", async () => {
  await run(server(["shop", "payroll"]));
  expect(await read()).toMatchObject({
    databaseCount: 2,
    inspection: {
      status: "done",
      serverVersion: "PostgreSQL 17.1",
      checks: [
        {
          name: "signal",
          status: "warning",
          remedy: [{ database: "any", sql: expect.stringContaining("GRANT") as unknown }],
        },
      ],
    },
  });
  const { items } = await listDatabases(world.ctx("administrator"), { q: "payroll" });
  const detail = await readDatabase(world.ctx("administrator"), { id: items[0]?.id ?? "" });
  expect(detail).toMatchObject({
    health: "ok",
    schemaReadAt: world.clock.now(),
    tables: [{ schema: "public", name: "payroll_0", kind: "materialized view" }],
  });
});

test("a server with 200 databases is recorded whole, and those that vanish are marked", async () => {
  const names = Array.from({ length: 200 }, (_, index) => `tenant_${String(index).padStart(3, "0")}`);
  await run(server(names));
  expect(await read()).toMatchObject({ databaseCount: 200, inspection: { status: "done" } });
  await inspectInstance(world.ctx("administrator"), { id });
  await run(server(names.slice(0, 20)));
  expect(await read()).toMatchObject({ databaseCount: 20 });
});

test("a schema of 20,000 tables is kept in parts and read whole", async () => {
  await run(server(["big"], 20_000));
  const { items } = await listDatabases(world.ctx("administrator"), {});
  const { tables } = await readDatabase(world.ctx("administrator"), { id: items[0]?.id ?? "" });
  expect(tables).toHaveLength(20_000);
  expect(tables.at(-1)?.name).toBe("big_19999");
});

test("a database that cannot be read is a warning, not the end of the inspection", async () => {
  const denied = Object.assign(new Error("permission denied for database payroll"), { kind: "permission" });
  const engine = server(["shop", "payroll"]);
  const readSchema: InspectionEngine["readSchema"] = (target, database) =>
    database === "payroll" ? Promise.reject(denied) : engine.readSchema(target, database);
  await run({ ...engine, readSchema });
  const { databaseCount, inspection } = await read();
  expect(databaseCount).toBe(2);
  expect(inspection.status).toBe("done");
  expect(inspection.checks.map(({ message }) => message)).toContain("permission denied for database payroll");
});

test.for([
  [null, 'There is no secret named "daypass/admin/shop-staging" in Secrets Manager.'],
  ["not json", 'The secret "daypass/admin/shop-staging" is not JSON.'],
  ["[]", 'The secret "daypass/admin/shop-staging" is not a JSON object.'],
  [
    { username: "admin", password },
    'The secret "daypass/admin/shop-staging" does not say where the server is, as those that RDS manages; give the instance its host.',
  ],
  [{ ...secret, host: "", port: "x" }, 'The secret "daypass/admin/shop-staging" lacks a usable host, port.'],
  [
    { ...secret, engine: "mysql" },
    'The secret "daypass/admin/shop-staging" is for the engine "mysql", the instance is postgres.',
  ],
] as const)("a secret that will not do is named with what is wrong: %j", async ([stored, sentence]) => {
  await run(server([]), stored);
  expect(await read()).toMatchObject({ inspection: { status: "failed", error: sentence } });
});

test("an unreachable server is a failure with the engine's sentence", async () => {
  const unreachable = Object.assign(new Error("db.example.com:5432 does not answer"), {
    kind: "unreachable",
  });
  await run({ ...server([]), preflight: () => Promise.reject(unreachable) });
  expect(await read()).toMatchObject({
    inspection: { status: "failed", error: "db.example.com:5432 does not answer" },
  });
});

test("a fault of ours is thrown for the workflow to repeat, and its last resort says so without details", async () => {
  const fault = { ...server([]), preflight: () => Promise.reject(new TypeError(password)) };
  await expect(run(fault)).rejects.toThrow(TypeError);
  expect(await read()).toMatchObject({ inspection: { status: "running" } });
  await failInspection(world.ctx(workflow), id);
  expect(JSON.stringify(await read())).not.toContain(password);
  expect(await read()).toMatchObject({ inspection: { status: "failed" } });
});

test("repeated after it is done it changes nothing, and fails nothing", async () => {
  await run(server(["shop"]));
  const before = await world.events();
  await run(server([]));
  await failInspection(world.ctx(workflow), id);
  expect(await world.events()).toEqual(before);
});

test("the administrator's password is nowhere in the table", async () => {
  await run(server(["shop"]));
  const { Items } = await world.table.client.send(new ScanCommand({ TableName: world.table.name }));
  expect(JSON.stringify(Items)).not.toContain(password);
});

test("it waits for a slot of the server, and does not touch it while others hold all", async () => {
  const until = plusMs(world.clock.now(), 110_000);
  const take = () => takeSlot(world.ctx(workflow), id, { errand: "other", until }, 4);
  const held = [await take(), await take()];
  let asked = 0;
  const asking = { ...server(["shop"]), preflight: () => Promise.reject(new Error(`asked ${(asked += 1)}`)) };
  await expect(run(asking)).rejects.toMatchObject({ code: "instance.busy" });
  expect(asked).toBe(0);
  for (const slot of held) if (slot) await freeSlot(world.ctx(workflow), id, slot);
  await run(server(["shop"]));
  expect(await read()).toMatchObject({ inspection: { status: "done" } });
  expect((await findSlots(world, id)).held).toEqual([]);
});
