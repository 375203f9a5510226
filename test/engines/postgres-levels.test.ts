import { postgres } from "@daypass/databases/postgres/engine.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lend } from "./postgres-lend.ts";
import { buildWorld, newPassword, type World } from "./postgres-world.ts";

let world: World;
beforeAll(async () => {
  world = await buildWorld();
});
afterAll(() => world.remove());

const denied = { code: "42501" };
const creations = [
  "CREATE TABLE mine (id int)",
  "CREATE TABLE crm.mine (id int)",
  "CREATE VIEW mine AS SELECT 1 AS one",
  "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
  "CREATE SEQUENCE mine",
  "CREATE TYPE mine AS ENUM ('a')",
];

describe("level read", () => {
  test("reads every table, view and partition of the database, and PostgreSQL refuses the rest", async () => {
    const { client } = await lend(world);
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
      await client.query(`SELECT * FROM ${table}`);
    }
    const refused = [
      "INSERT INTO customers (email) VALUES ('x@example.com')",
      "UPDATE customers SET note = 'x'",
      "DELETE FROM crm.tickets",
      "SELECT nextval('customers_id_seq')",
      "SELECT * FROM customers FOR UPDATE",
      ...creations,
    ];
    for (const text of refused) await expect(client.query(text), text).rejects.toMatchObject(denied);
    await client.end();
  });
});

describe("level write", () => {
  test("changes rows and draws from sequences, and creates nothing", async () => {
    const { client } = await lend(world, { level: "write" });
    await client.query("BEGIN");
    await client.query("INSERT INTO customers (email) VALUES ('new@example.com')");
    await client.query("INSERT INTO orders (customer_id, total) VALUES (1, 5)");
    await client.query("UPDATE crm.tickets SET body = 'Answered'");
    await client.query("DELETE FROM events");
    await client.query("ROLLBACK");
    for (const text of [...creations, "INSERT INTO big_orders (total) VALUES (900)"]) {
      await expect(client.query(text), text).rejects.toMatchObject(denied);
    }
    await client.end();
  });

  test("for named tables draws from their sequences and no others", async () => {
    const { client } = await lend(world, {
      level: "write",
      scope: { kind: "objects", objects: [{ schema: "public", table: "orders" }] },
    });
    await client.query("SELECT nextval('orders_id_seq')");
    await expect(client.query("SELECT nextval('customers_id_seq')")).rejects.toMatchObject(denied);
    await client.end();
  });
});

describe("level ddl", () => {
  test("creates, changes and drops objects of its own, and leaves existing tables as they are", async () => {
    const { client } = await lend(world, { level: "ddl" });
    for (const text of creations) {
      await client.query("BEGIN");
      await client.query(text);
      await client.query("ROLLBACK");
    }
    await client.query("CREATE TABLE own (id int)");
    await client.query("ALTER TABLE own ADD COLUMN name text");
    await client.query("DROP TABLE own");
    await client.query("UPDATE customers SET note = 'x' WHERE id = 1");
    await client.end();
  });

  test("of one schema creates nothing in another", async () => {
    const { client } = await lend(world, {
      level: "ddl",
      scope: { kind: "objects", objects: [{ schema: "crm" }] },
    });
    await client.query("CREATE TABLE crm.own (id int)");
    await client.query("DROP TABLE crm.own");
    await expect(client.query("CREATE TABLE public.own (id int)")).rejects.toMatchObject(denied);
    await expect(client.query("SELECT * FROM public.orders")).rejects.toMatchObject(denied);
    await client.end();
  });
});

describe("scope", () => {
  test("of named tables and schemas opens these and nothing else", async () => {
    const { client } = await lend(world, {
      scope: { kind: "objects", objects: [{ schema: "public", table: "orders" }, { schema: "crm" }] },
    });
    await client.query("SELECT * FROM orders");
    await client.query("SELECT * FROM crm.tickets");
    for (const table of ["customers", "events", "big_orders", "order_totals"]) {
      await expect(client.query(`SELECT * FROM ${table}`), table).rejects.toMatchObject(denied);
    }
    await client.end();
  });

  test("of a partitioned table reads it through its parent only", async () => {
    const { client } = await lend(world, {
      scope: { kind: "objects", objects: [{ schema: "public", table: "events" }] },
    });
    expect((await client.query("SELECT * FROM events")).rows).toHaveLength(1);
    await expect(client.query("SELECT * FROM events_2026")).rejects.toMatchObject(denied);
    await client.end();
  });

  test("does not open a table made later until the next mint of the same group", async () => {
    const early = await lend(world);
    await world.byHand("shop", "SET ROLE app_owner", "CREATE TABLE later (id int)");
    await expect(early.client.query("SELECT * FROM later")).rejects.toMatchObject(denied);
    const late = await lend(world);
    await late.client.query("SELECT * FROM later");
    await world.byHand("shop", "DROP TABLE later");
    await early.client.end();
    await late.client.end();
  });

  test("follows a table that moved out of its schema", async () => {
    await world.byHand("shop", "SET ROLE app_owner", "CREATE TABLE crm.moving (id int)");
    const scope = { kind: "objects", objects: [{ schema: "crm" }] } as const;
    const before = await lend(world, { scope });
    await before.client.query("SELECT * FROM crm.moving");
    await world.byHand("shop", "ALTER TABLE crm.moving SET SCHEMA public");
    const after = await lend(world, { scope });
    await expect(after.client.query("SELECT * FROM public.moving")).rejects.toMatchObject(denied);
    await world.byHand("shop", "DROP TABLE public.moving");
    await before.client.end();
    await after.client.end();
  });

  test("refuses the server's own schemas, and tables at level ddl", async () => {
    const attempt = (changes: Parameters<World["plan"]>[0]) =>
      postgres.provision(world.target, world.plan(changes), newPassword());
    const one = (schema: string, table?: string) =>
      ({ kind: "objects", objects: [table === undefined ? { schema } : { schema, table }] }) as const;
    for (const changes of [
      { scope: one("pg_catalog") },
      { scope: one("pg_toast") },
      { level: "ddl", scope: one("public", "orders") } as const,
    ]) {
      await expect(attempt(changes), JSON.stringify(changes)).rejects.toMatchObject({
        name: "EngineError",
        kind: "invalid",
      });
    }
  });
});

describe("what everybody may do", () => {
  const mint = (changes: Parameters<World["plan"]>[0] = {}) => {
    const plan = world.plan(changes);
    return { plan, done: postgres.provision(world.target, plan, newPassword()) };
  };

  test.each([
    ["GRANT SELECT ON customers TO PUBLIC", "REVOKE SELECT ON TABLE public.customers FROM PUBLIC;"],
    ["GRANT SELECT (email) ON customers TO PUBLIC", "REVOKE SELECT ON TABLE public.customers FROM PUBLIC;"],
    ["GRANT UPDATE (note) ON customers TO PUBLIC", "REVOKE UPDATE ON TABLE public.customers FROM PUBLIC;"],
    ["GRANT DELETE ON orders TO PUBLIC", "REVOKE DELETE ON TABLE public.orders FROM PUBLIC;"],
    ["GRANT CREATE ON SCHEMA public TO PUBLIC", "REVOKE CREATE ON SCHEMA public FROM PUBLIC;"],
    ["GRANT CREATE ON DATABASE payroll TO PUBLIC", "REVOKE CREATE ON DATABASE payroll FROM PUBLIC;"],
  ])("%s stops a mint that must not have it, with the statement that ends it", async (opening, closing) => {
    await world.byHand("shop", opening);
    const { plan, done } = mint({
      scope: { kind: "objects", objects: [{ schema: "public", table: "orders" }] },
    });
    await expect(done).rejects.toMatchObject({
      kind: "permission",
      remedy: expect.arrayContaining([closing]),
    });
    expect(await postgres.isAbsent(world.target, plan.name)).toBe(true);
    await world.byHand("shop", closing);
    await mint({ scope: { kind: "objects", objects: [{ schema: "public", table: "orders" }] } }).done;
  });

  test("a group that somebody widened by hand stops the mint", async () => {
    const scope = { kind: "objects", objects: [{ schema: "crm", table: "tickets" }] } as const;
    const first = await lend(world, { scope });
    const [group] = await world.byHand(
      "shop",
      `SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = '${first.plan.name}'`,
    );
    await world.byHand("shop", `GRANT pg_read_all_data TO "${String(group?.["rolname"])}"`);
    await expect(mint({ scope }).done).rejects.toMatchObject({ kind: "permission" });
    await world.byHand("shop", `REVOKE pg_read_all_data FROM "${String(group?.["rolname"])}"`);
    await first.client.end();
  });
});

describe("tables out of the administrator's reach", () => {
  test("are reported and left out of a whole database, and refused when asked for by name", async () => {
    await world.byHand("shop", "CREATE TABLE private_notes (id int)");
    const whole = await lend(world);
    expect(whole.notGranted).toEqual(["public.private_notes"]);
    await expect(whole.client.query("SELECT * FROM private_notes")).rejects.toMatchObject(denied);
    const named = postgres.provision(
      world.target,
      world.plan({ scope: { kind: "objects", objects: [{ schema: "public", table: "private_notes" }] } }),
      newPassword(),
    );
    await expect(named).rejects.toMatchObject({
      kind: "permission",
      remedy: ['GRANT SELECT ON TABLE "public"."private_notes" TO "daypass_admin" WITH GRANT OPTION;'],
    });
    await world.byHand("shop", "DROP TABLE private_notes");
    await whole.client.end();
  });
});
