import { describe, expect, test } from "vitest";
import { describePrivileges, scopeProblem } from "./privileges.ts";

const details = {
  stack: "prod",
  serverVersion: 17,
  account: { name: "dp_01arz3ndektsv4rrffq69g5fav", grantId: "grant_1", expiresAtMs: Date.UTC(2026, 0, 1) },
};
const orders = { kind: "objects", objects: [{ schema: "public", table: "orders" }] } as const;
const codes = (sentences: readonly { code: string }[]) => sentences.map((one) => one.code);

describe("the sentences", () => {
  test("of read promise reading and exclude writing and creating", () => {
    const { can, cannot } = describePrivileges("read", { kind: "database" }, "shop");
    expect(can).toEqual([
      { code: "read-rows", text: "Read all rows and columns of database shop (SELECT)." },
    ]);
    expect(codes(cannot)).toEqual(expect.arrayContaining(["no-writing", "no-creating"]));
  });

  test("of ddl say that existing tables stay as they are and who keeps what is made", () => {
    const { can, cannot } = describePrivileges("ddl", { kind: "database" }, "shop");
    expect(codes(can)).toEqual(["read-rows", "write-rows", "create-objects"]);
    expect(codes(cannot)).toEqual(expect.arrayContaining(["no-altering", "left-behind"]));
    expect(codes(cannot)).not.toContain("no-creating");
  });

  test("of a scope name its tables and exclude the rest", () => {
    const { can, cannot } = describePrivileges("read", orders, "shop");
    expect(can[0]?.text).toContain("table public.orders");
    expect(codes(cannot)).toContain("no-outside");
    const objects = [{ schema: "crm" }, { schema: "public", table: "a" }, { schema: "public", table: "b" }];
    expect(describePrivileges("write", { kind: "objects", objects }, "shop").can[1]?.text).toContain(
      "rows in schema crm and tables public.a and public.b (",
    );
    const many = Array.from({ length: 15 }, (_, n) => ({ schema: "public", table: `t${n}` }));
    expect(describePrivileges("read", { kind: "objects", objects: many }, "shop").can[0]?.text).toContain(
      "public.t11 and 3 more (",
    );
  });
});

describe("the statements", () => {
  test("of a named table are exact and complete", () => {
    const { statements } = describePrivileges("read", orders, "shop", details);
    const group = /"(daypass_read_prod_<id>)"/.exec(statements.join("\n"))?.[1] ?? "";
    expect(statements).toEqual([
      `GRANT CONNECT ON DATABASE "shop" TO "${group}";`,
      `GRANT USAGE ON SCHEMA "public" TO "${group}";`,
      `GRANT SELECT ON TABLE "public"."orders" TO "${group}";`,
      `CREATE ROLE "dp_01arz3ndektsv4rrffq69g5fav" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 10 VALID UNTIL '2026-01-01 00:00:00.000+00' PASSWORD '<SCRAM-SHA-256 verifier>';`,
      `COMMENT ON ROLE "dp_01arz3ndektsv4rrffq69g5fav" IS 'daypass stack=prod grant=grant_1 account=dp_01arz3ndektsv4rrffq69g5fav';`,
      `GRANT "${group}" TO "dp_01arz3ndektsv4rrffq69g5fav" WITH INHERIT TRUE, SET FALSE;`,
      `ALTER ROLE "dp_01arz3ndektsv4rrffq69g5fav" SET "statement_timeout" = '1800000ms';`,
      `ALTER ROLE "dp_01arz3ndektsv4rrffq69g5fav" SET "idle_in_transaction_session_timeout" = '300000ms';`,
      `ALTER ROLE "dp_01arz3ndektsv4rrffq69g5fav" SET "lock_timeout" = '30000ms';`,
    ]);
  });

  test("of a whole database list its tables when they are known, and say so when not", () => {
    const known = describePrivileges("write", { kind: "database" }, "shop", {
      ...details,
      tables: [{ schema: "crm", name: "tickets" }],
    }).statements.join("\n");
    expect(known).toContain('GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE "crm"."tickets"');
    expect(known).not.toContain("<each table");
    expect(describePrivileges("read", { kind: "database" }, "shop").statements.join("\n")).toContain(
      "<each table in scope>",
    );
  });

  test("of ddl keep the right to create apart from the rights on data", () => {
    const { statements } = describePrivileges(
      "ddl",
      { kind: "objects", objects: [{ schema: "crm" }] },
      "shop",
      details,
    );
    const creating = statements.filter(
      (text) => text.includes("daypass_create_") && text.startsWith("GRANT") && text.includes(" ON "),
    );
    expect(creating).toHaveLength(2);
    expect(creating.join("\n")).not.toMatch(/SELECT|INSERT/);
    expect(statements.filter((text) => text.includes("daypass_write_")).join("\n")).not.toContain("CREATE");
  });

  test("of names with quotes stay quoted", () => {
    const { statements } = describePrivileges(
      "read",
      { kind: "objects", objects: [{ schema: 'a"; DROP', table: "b" }] },
      "shop",
    );
    expect(statements.join("\n")).toContain('"a""; DROP"."b"');
  });
});

test("an impossible scope is told before anything is asked", () => {
  expect(scopeProblem("read", { kind: "database" })).toBeNull();
  expect(scopeProblem("ddl", { kind: "objects", objects: [{ schema: "crm" }] })).toBeNull();
  for (const [level, objects] of [
    ["read", []],
    ["read", [{ schema: "pg_catalog" }]],
    ["read", [{ schema: "information_schema", table: "tables" }]],
    ["read", [{ schema: "" }]],
    ["read", [{ schema: "public", table: "x".repeat(64) }]],
    ["ddl", [{ schema: "public", table: "orders" }]],
    ["read", Array.from({ length: 501 }, (_, n) => ({ schema: "public", table: `t${n}` }))],
  ] as const) {
    expect(scopeProblem(level, { kind: "objects", objects }), JSON.stringify(objects).slice(0, 60)).toEqual(
      expect.any(String),
    );
  }
});
