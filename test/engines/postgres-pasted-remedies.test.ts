import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineError, type Preflight } from "@daypass/databases/engine.ts";
import { postgres } from "@daypass/databases/postgres/engine.ts";
import { psqlConnect } from "@daypass/databases/postgres/pasted-sql.ts";
import { identifier, qualified } from "@daypass/databases/postgres/quote.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { postgresNames } from "./hostile-names.ts";
import { pasteIntoPsql } from "./paste-into-psql.ts";
import { buildWorld, newPassword, type World } from "./postgres-world.ts";

/** What the product tells people to run, pasted into psql, where schemas, tables and functions have hostile names. */
let world: World;
let folder: string;
beforeAll(async () => {
  world = await buildWorld();
  folder = mkdtempSync(join(tmpdir(), "daypass-remedies-"));
  const open = postgresNames.flatMap((name) => [
    `CREATE SCHEMA ${identifier(name)}`,
    `CREATE TABLE ${qualified(name, name)} (${identifier(name)} int)`,
    `GRANT SELECT ON ${qualified(name, name)} TO PUBLIC`,
    `GRANT CREATE ON SCHEMA ${identifier(name)} TO PUBLIC`,
    `CREATE FUNCTION ${qualified(name, name)}() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'`,
  ]);
  await world.byHand("shop", ...open);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await world.remove();
});

async function pasteInShop(statements: readonly string[]): Promise<string> {
  const said = await pasteIntoPsql(
    world.server,
    folder,
    [psqlConnect("shop"), ...statements].join("\n"),
    "line by line",
  );
  expect(readdirSync(folder)).toEqual([]);
  return said;
}

const statusIn = ({ checks }: Preflight, id: string) =>
  checks.find((check) => check.id === id && check.database === "shop")?.status;

test("what a refused mint and the preflight say to run mends everything that they named", async () => {
  const plan = world.plan();
  const refused: unknown = await postgres
    .provision(world.target, plan, newPassword())
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(EngineError);
  const before = await postgres.preflight(world.target);
  for (const id of ["public-create", "public-tables", "definer-functions", "lendable"]) {
    expect(statusIn(before, id), id).not.toBe("ok");
  }
  const statements = before.checks
    .filter(({ database }) => database === "shop")
    .flatMap((check) => check.statements);
  const remedy = refused instanceof EngineError ? refused.remedy : [];
  const said = await pasteInShop([...remedy, ...statements.map(({ sql }) => sql)]);
  expect(said).not.toContain("ERROR");
  const after = await postgres.preflight(world.target);
  for (const id of ["public-create", "public-tables", "definer-functions", "lendable"]) {
    expect(statusIn(after, id), id).toBe("ok");
  }
  await postgres.provision(world.target, plan, newPassword());
  expect(await postgres.revoke(world.target, plan)).toMatchObject({ status: "absent" });
});
