import { mysql } from "@daypass/databases/mysql/engine.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { flavourWords } from "./flavours.ts";
import { buildMysqlWorld, type MysqlWorld } from "./mysql-world.ts";

let world: MysqlWorld;
beforeAll(async () => {
  world = await buildMysqlWorld();
}, 60_000);
afterAll(() => world.remove());

test("tables, columns and databases are read as they are", async () => {
  const names = (await mysql.listDatabases(world.target)).map((one) => one.name);
  expect(names).toEqual(["payroll", "shopXa", "shop_a"]);
  const { schemas } = await mysql.readSchema(world.target, "shop_a");
  expect(schemas.map((one) => one.name)).toEqual(["shop_a"]);
  const tables = schemas[0]?.tables ?? [];
  expect(tables.map((table) => [table.name, table.kind])).toEqual([
    ["big_orders", "view"],
    ["customers", "table"],
    ["events", "partitioned-table"],
    ["odd `name", "table"],
    ["orders", "table"],
  ]);
  expect(tables[1]).toMatchObject({
    comment: "People who bought something",
    columns: [
      { name: "id", type: flavourWords.integerType, nullable: false, primaryKey: true, comment: null },
      {
        name: "email",
        type: "varchar(100)",
        nullable: false,
        primaryKey: false,
        comment: "Where receipts go",
      },
      { name: "note", type: "text", nullable: true, primaryKey: false, comment: null },
    ],
  });
});

test("a server that is away, and a wrong password, are told apart", async () => {
  const away = { ...world.target, server: { ...world.target.server, port: 1 } };
  await expect(mysql.isAbsent(away, world.plan().name)).rejects.toMatchObject({ kind: "unreachable" });
  const wrong = { ...world.target, administrator: { ...world.target.administrator, password: "WRONG-ONE" } };
  const error: unknown = await mysql.isAbsent(wrong, world.plan().name).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ kind: "authentication" });
  expect(String(error)).not.toContain("WRONG-ONE");
});
