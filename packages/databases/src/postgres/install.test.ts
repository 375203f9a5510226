import { expect, test } from "vitest";
import { installStatements } from "./install.ts";

const steps = installStatements({
  administrator: 'day"pass',
  databases: [
    { name: "shop", owner: "app", schemas: ["public", "crm"], level: "ddl" },
    { name: "payroll", owner: "app", databaseOwner: "hr", schemas: ["public"], level: "read" },
  ],
});

test("the administrator is no superuser and its password is in no statement", () => {
  expect(steps[0]?.sql).toBe(
    'CREATE ROLE "day""pass" LOGIN CREATEROLE NOSUPERUSER NOCREATEDB NOREPLICATION NOBYPASSRLS;',
  );
  expect(steps.map((step) => step.sql).join("\n")).not.toMatch(/PASSWORD '/);
});

test("the application's roles keep their access before PUBLIC loses it", () => {
  const inPayroll = steps.filter((step) => step.database === "payroll").map((step) => step.sql);
  const kept = inPayroll.indexOf('GRANT CONNECT, TEMPORARY ON DATABASE "payroll" TO "app", "hr";');
  const closed = inPayroll.indexOf('REVOKE CONNECT, TEMPORARY ON DATABASE "payroll" FROM PUBLIC;');
  expect(kept).toBeGreaterThanOrEqual(0);
  expect(closed).toBeGreaterThan(kept);
});

test("from 16 on the administrator may use the connections that the server reserves, before it has no such role", () => {
  const statements = (majorVersion: number) =>
    installStatements({ administrator: "day", databases: [], majorVersion }).map((step) => step.sql);
  expect(statements(16)).toContain('GRANT pg_use_reserved_connections TO "day";');
  expect(statements(15).join()).not.toContain("reserved");
});

test("a database for reading gives the administrator nothing but reading to pass on", () => {
  const rights = steps
    .filter((step) => step.database === "payroll" && step.sql.includes(" SCHEMA "))
    .map((step) => step.sql);
  expect(rights.join("\n")).not.toMatch(/INSERT|UPDATE|DELETE|USAGE, CREATE|SEQUENCE/);
});

test("statements that belong into a database say which", () => {
  for (const step of steps) {
    expect(step.database === null).toBe(/^CREATE ROLE|pg_signal_backend/.test(step.sql));
  }
});
