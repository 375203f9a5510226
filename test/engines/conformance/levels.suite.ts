import type { Level, Scope } from "@daypass/databases/engine.ts";
import { describe, expect, test } from "vitest";
import { type Lent, lend, newPassword, refusal, revoke } from "./lend.ts";
import { levels, type ServerUnderTest, tableScope } from "./server-under-test.ts";

/** By really trying: what each level may do in a database, and in one table of it. */
export function levelsSuite(server: () => ServerUnderTest): void {
  const may = async (lent: Lent, statement: string) => {
    await lent.client.run("BEGIN");
    const refused = await refusal(server(), lent.client.run(statement));
    await lent.client.run("ROLLBACK");
    if (refused !== undefined) expect(refused, statement).toBe("right");
    return refused === undefined;
  };
  const tries = {
    read: ["SELECT * FROM orders", "SELECT count(*) FROM orders WHERE total > 5"],
    write: [
      "INSERT INTO orders (customer_id, total) VALUES (1, 5)",
      "UPDATE orders SET total = 1 WHERE id = 1",
      "DELETE FROM orders WHERE id = 2",
    ],
    elsewhereInDatabase: ["SELECT * FROM customers", "UPDATE customers SET note = 'x' WHERE id = 1"],
  };

  /** The widest scope in which a level is lent. */
  const widest = (level: Level): Scope =>
    level === "ddl" ? server().words.scopeOfDdl("own_table", "orders", "customers") : { kind: "database" };

  describe.each(levels)("level %s of as much as it is lent on", (level) => {
    test("reads, and writes and creates only as it should", async () => {
      const lent = await lend(server(), { level, scope: widest(level) });
      for (const statement of tries.read) expect(await may(lent, statement), statement).toBe(true);
      for (const statement of tries.write)
        expect(await may(lent, statement), statement).toBe(level !== "read");
      const creates = await refusal(server(), lent.client.run("CREATE TABLE own_table (id int)"));
      expect(creates).toBe(level === "ddl" ? undefined : "right");
      if (level === "ddl") {
        await lent.client.run("ALTER TABLE own_table ADD COLUMN name varchar(10)");
        await lent.client.run("CREATE INDEX own_index ON own_table (name)");
        await lent.client.run("DROP TABLE own_table");
      }
      await revoke(server(), lent);
    });

    test("does nothing that reaches beyond rows and tables", async () => {
      const lent = await lend(server(), { level, scope: widest(level) });
      for (const statement of server().words.neverAllowed) {
        expect(await refusal(server(), lent.client.run(statement)), statement).toBe("right");
      }
      await revoke(server(), lent);
    });

    test("does not reach another database of the server", async () => {
      const lent = await lend(server(), { level, scope: widest(level) });
      expect(await refusal(server(), lent.login("payroll"))).toMatch(/^(login|right)$/);
      await revoke(server(), lent);
    });
  });

  describe.each(["read", "write"] as const)("level %s of one table", (level) => {
    test("opens that table and nothing else", async () => {
      const lent = await lend(server(), { level, scope: tableScope(server(), "shop", "orders") });
      for (const statement of tries.read) expect(await may(lent, statement), statement).toBe(true);
      for (const statement of tries.write)
        expect(await may(lent, statement), statement).toBe(level === "write");
      for (const statement of [...tries.elsewhereInDatabase, "CREATE TABLE own_table (id int)"]) {
        expect(await may(lent, statement), statement).toBe(false);
      }
      expect(await refusal(server(), lent.login("payroll"))).toMatch(/^(login|right)$/);
      await revoke(server(), lent);
    });
  });

  test("verifying a login fails for an account that lost its rights", async () => {
    const { engine, target } = server();
    const lent = await lend(server());
    await engine.denyLogin(target, lent.plan);
    await expect(engine.verifyLogin(target, lent.plan, lent.password)).rejects.toMatchObject({
      kind: "authentication",
    });
    await revoke(server(), lent);
  });

  describe("names", () => {
    const odd = [
      `quote"d`,
      "it's",
      "back\\slash",
      "gr\u00f6\u00dfe \u8868",
      "under_score",
      "per%cent",
      "semi;--",
      "tick`ed",
    ];

    test.each(odd)("a table named %s is lent alone", async (name) => {
      const { words, byHand } = server();
      const fits = name.replaceAll(/[_%\\]/g, "x");
      const similar = fits === name ? `${name}x` : fits;
      for (const table of [name, similar]) {
        await byHand(...words.asApplication, `CREATE TABLE ${words.quote(table)} (id int)`);
      }
      await byHand(`INSERT INTO ${words.quote(name)} VALUES (1)`);
      const lent = await lend(server(), { scope: tableScope(server(), "shop", name) });
      expect(await lent.client.run(`SELECT id FROM ${words.quote(name)}`)).toEqual([{ id: 1 }]);
      const beside = lent.client.run(`SELECT id FROM ${words.quote(similar)}`);
      expect(await refusal(server(), beside)).toBe("right");
      await revoke(server(), lent);
      for (const table of [name, similar]) await byHand(`DROP TABLE ${words.quote(table)}`);
    });

    test("a database whose name is a pattern opens no database that the pattern fits", async () => {
      const { makeDatabase, words } = server();
      const [name, fits] = ["per%cent_\\'\"\u00e9", "perXYZcentXY'\"\u00e9"];
      await makeDatabase(name);
      await makeDatabase(fits);
      const lent = await lend(server(), { database: name, level: "write" });
      expect(await lent.client.run("SELECT id FROM things")).toEqual([{ id: 1 }]);
      expect(await refusal(server(), lent.login(fits))).toMatch(/^(login|right)$/);
      const snapshot = await server().engine.readSchema(server().target, name);
      expect(snapshot.schemas.map((schema) => schema.name)).toEqual([words.schemaOf(name)]);
      expect(await revoke(server(), lent)).toMatchObject({ status: "absent" });
    });

    test("another level on the same table later takes nothing from the first", async () => {
      const scope = tableScope(server(), "shop", "orders");
      const reader = await lend(server(), { scope });
      const writer = await lend(server(), { scope, level: "write" });
      await revoke(server(), writer);
      expect(await may(reader, "SELECT * FROM orders")).toBe(true);
      expect(await may(reader, "DELETE FROM orders WHERE id = 3")).toBe(false);
      await revoke(server(), reader);
    });
  });

  test("a mint that is refused for its scope leaves no account behind", async () => {
    const { engine, target, plan: newPlan } = server();
    const plan = newPlan({ scope: tableScope(server(), "shop", "missing") });
    await expect(engine.provision(target, plan, newPassword())).rejects.toMatchObject({ kind: "invalid" });
    expect(await engine.isAbsent(target, plan.name)).toBe(true);
  });
}
