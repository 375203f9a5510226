import { puttingDatabase } from "@daypass/core/catalog/database.store.ts";
import { storeTables } from "@daypass/core/catalog/schema.store.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import type { PolicyDocumentInput } from "@daypass/core/policy/policy.ts";
import { createRequest } from "@daypass/core/request/create-request.ts";
import { previewRequest } from "@daypass/core/request/preview-request.ts";
import { privilegesOf } from "@daypass/functions/control-plane/privileges.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { customers } from "../catalog/shop.ts";
import { createWorld, settings, type World } from "../harness.ts";
import { isRefused } from "../outcome.ts";
import { type Registered, register } from "../registered.ts";

const everything: PolicyDocumentInput = {
  name: "Engineers change",
  effect: "allow",
  who: { groups: ["engineers"] },
  may: { levels: ["read", "write", "ddl"] },
  on: { environments: ["production"] },
  for: { maxDurationMinutes: 60 },
  approval: [{ name: "Team lead", count: 1, groups: ["leads"] }],
};

let world: World;
let mysql: Registered;
beforeAll(async () => {
  world = await createWorld();
  mysql = await register(world, [everything], { engine: "mysql", database: "shop" });
});
afterAll(() => world.close());

type Fields = { level: "read" | "ddl"; scope?: Parameters<typeof createRequest>[1]["scope"] };
const preview = (fields: Fields) =>
  previewRequest(
    {
      ...world.ctx("engineer"),
      privileges: (database, level, scope) => privilegesOf(settings.stack, database, level, scope),
    },
    { databaseId: mysql.database.id, durationMinutes: 60, ...fields },
  );
const create = (fields: Fields) =>
  createRequest(world.ctx("engineer"), {
    databaseId: mysql.database.id,
    durationMinutes: 60,
    reason: "add a column",
    ...fields,
  });
const tables = (...names: string[]) => ({
  kind: "objects" as const,
  objects: names.map((table) => ({ schema: "shop", table })),
});

test.each([
  ["the whole database", { kind: "database" as const }],
  ["its only schema", { kind: "objects" as const, objects: [{ schema: "shop" }] }],
])(
  "level ddl of %s of MySQL is refused before anyone approves it, with what to ask for",
  async (_what, scope) => {
    const refused = { level: "ddl", scope } as const;
    expect(await preview(refused)).toMatchObject({
      allowed: false,
      reasons: [
        expect.stringMatching(/^This cannot be lent: .*name those to change, and those to create\.$/),
      ],
    });
    await isRefused(world, () => create(refused), "scope.not-lendable");
  },
);

test("level ddl may name a table that is not there yet; other levels may not", async () => {
  const { database } = mysql;
  const schemaHash = await storeTables(world, database, [{ ...customers, schema: "shop" }]);
  const schemaReadAt = world.clock.now();
  await commitAll(world, [puttingDatabase(world, { ...database, schemaHash, schemaReadAt })]);
  const scope = tables("customers", "to_create");
  expect(await preview({ level: "ddl", scope })).toMatchObject({ allowed: true, reasons: [] });
  expect(await create({ level: "ddl", scope })).toMatchObject({ scope });
  expect(await preview({ level: "read", scope })).toMatchObject({
    allowed: false,
    reasons: ["The database has no table shop.to_create."],
  });
  await isRefused(world, () => create({ level: "read", scope }), "scope.unknown");
});

test("more tables than can be lent at a time are refused, and some of them are lent", async () => {
  const { database } = mysql;
  const many = Array.from({ length: 5_001 }, (_, n) => ({
    ...customers,
    schema: "shop",
    name: `t${n}`,
    columns: [],
  }));
  const schemaHash = await storeTables(world, database, many);
  const schemaReadAt = world.clock.now();
  await commitAll(world, [puttingDatabase(world, { ...database, schemaHash, schemaReadAt })]);
  expect(await preview({ level: "read" })).toMatchObject({
    allowed: false,
    reasons: [
      "This cannot be lent: database shop has 5001 tables, and at most 5000 are lent at a time; name some of them.",
    ],
  });
  await isRefused(world, () => create({ level: "read" }), "scope.not-lendable");
  expect(await preview({ level: "read", scope: tables("t1", "t5000") })).toMatchObject({ allowed: true });
});
