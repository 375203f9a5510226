import { afterAll, beforeAll, expect, it } from "vitest";
import { type MysqlTestServer, startServerForTests } from "./server-of-flavour.ts";

let server: MysqlTestServer;
beforeAll(async () => {
  server = await startServerForTests({ "max-connections": "12" });
});
afterAll(() => server.remove());

const ask = async (sql: string) => {
  const root = await server.asRoot();
  try {
    return (await root.query(sql))[0];
  } finally {
    await root.end();
  }
};

it("takes settings, goes away, and comes back with its data on the same port", async () => {
  await ask("CREATE DATABASE kept");
  await server.stop();
  await expect(server.asRoot()).rejects.toThrow(/ECONNREFUSED/);
  await server.start();
  expect(await ask("SHOW DATABASES LIKE 'kept'")).toHaveLength(1);
  expect(await ask("SELECT @@max_connections AS n")).toEqual([{ n: 12 }]);
});

it("logs every statement", async () => {
  await ask("SELECT 'find me'");
  expect(server.log()).toContain("SELECT 'find me'");
});
