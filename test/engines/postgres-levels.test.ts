import type { AccountPlan } from "@daypass/databases/engine.ts";
import { postgres } from "@daypass/databases/postgres/engine.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildWorld, newPassword, type World } from "./postgres-world.ts";

let world: World;
beforeAll(async () => {
  world = await buildWorld();
});
afterAll(() => world.remove());

async function lend(changes: Partial<AccountPlan>) {
  const plan = world.plan(changes);
  const password = newPassword();
  const provisioned = await postgres.provision(world.target, plan, password);
  await postgres.verifyLogin(world.target, plan, password);
  const client = await world.connect({ username: plan.name, password }, plan.database);
  return { plan, password, provisioned, client, [Symbol.asyncDispose]: () => client.end() };
}

describe("level read", () => {
  test("reads every table, view and partition of the database, and PostgreSQL refuses the rest", async () => {
    await using account = await lend({});
    for (const table of [
      "customers",
      "orders",
      "events",
      "events_2026",
      "big_orders",
      "order_totals",
      "crm.tickets",
      '"Odd ""Name"""',
    ]) {
      await account.client.query(`SELECT * FROM ${table}`);
    }
    for (const text of [
      "INSERT INTO customers (email) VALUES ('x@example.com')",
      "UPDATE customers SET note = 'x'",
      "DELETE FROM crm.tickets",
      "TRUNCATE orders",
      "SELECT nextval('customers_id_seq')",
      "CREATE TABLE mine (id int)",
      "CREATE TABLE crm.mine (id int)",
      "CREATE TEMP TABLE mine (id int)",
      "CREATE SCHEMA mine",
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
      "DROP TABLE customers",
      "ALTER TABLE customers ADD COLUMN x int",
      "CREATE ROLE friend",
      "SET ROLE daypass_admin",
    ]) {
      await expect(account.client.query(text), text).rejects.toMatchObject({ code: "42501" });
    }
  });

  test("cannot connect to another database of the server", async () => {
    await using account = await lend({});
    await expect(
      world.connect({ username: account.plan.name, password: account.password }, "payroll"),
    ).rejects.toMatchObject({
      code: "42501",
    });
  });
});

test("revoke leaves nothing", async () => {
  const account = await lend({});
  const result = await postgres.revoke(world.target, account.plan);
  expect(result).toMatchObject({ status: "absent", sessionsEnded: 1 });
  expect(await postgres.isAbsent(world.target, account.plan.name)).toBe(true);
});
