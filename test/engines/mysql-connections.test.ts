import { randomBytes } from "node:crypto";
import { connect as connectSocket, type Socket } from "node:net";
import { mysql } from "@daypass/databases/mysql/engine.ts";
import { freePort } from "@daypass/local/free-port.ts";
import type { Connection } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { buildMysqlWorld, lendMysql, type MysqlLent, type MysqlWorld } from "./mysql-world.ts";
import { flavourUnderTest } from "./server-of-flavour.ts";

const maxConnections = 24;
const perAccount = 3;

let world: MysqlWorld;
let port: number;
beforeAll(async () => {
  port = await freePort(0);
  world = await buildMysqlWorld("as printed", {
    "max-connections": String(maxConnections),
    ...(flavourUnderTest === "mariadb"
      ? { "extra-port": String(port), "extra-max-connections": "3" }
      : { "admin-address": "127.0.0.1", "admin-port": String(port) }),
  });
}, 60_000);
afterAll(() => world.remove());

const opened: { destroy(): void }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) one.destroy();
  await Promise.all(lent.splice(0).map(({ plan }) => mysql.revoke(world.target, plan)));
});
const lent: MysqlLent[] = [];

/** Lends as the broker does: for as long as half of what the server takes is not lent. */
async function lendUpToTheBound(): Promise<void> {
  for (;;) {
    const room = await mysql.connectionRoom(world.target);
    if (room.lent + perAccount > (room.max - room.reserved) / 2) return;
    const one = await lendMysql(world, { connectionLimit: perAccount });
    opened.push(one.client);
    lent.push(one);
  }
}

test("the server says what it takes, and what all lent accounts may use of it", async () => {
  expect(await mysql.connectionRoom(world.target)).toEqual({ max: maxConnections, reserved: 0, lent: 0 });
  await lendUpToTheBound();
  const { plan } = lent[0] ?? {};
  expect(await mysql.connectionRoom(world.target)).toMatchObject({ lent: 12 });
  expect(await mysql.connectionRoom(world.target, plan?.name)).toMatchObject({ lent: 9 });
});

describe("the administrator gets in, and ends access", () => {
  test("while all lent accounts use all connections that they may have", async () => {
    await lendUpToTheBound();
    for (const one of lent) expect(await fill(() => one.login())).toBe(perAccount - 1);
    const [first] = lent;
    if (!first) throw new Error("nothing was lent");
    expect(await mysql.revoke(world.target, first.plan)).toMatchObject({
      status: "absent",
      sessionsEnded: perAccount,
    });
    await mysql.provision(world.target, world.plan(), randomBytes(24).toString("base64url"));
  });

  test("through a port of its own while connections that never log in occupy all others", async () => {
    const one = await lendMysql(world, { connectionLimit: perAccount });
    opened.push(one.client);
    lent.push(one);
    if (flavourUnderTest === "mysql") {
      await world.byHand("GRANT SERVICE_CONNECTION_ADMIN ON *.* TO daypass_admin@'%'");
    }
    const silent = await Promise.all(Array.from({ length: maxConnections + 6 }, neverLogsIn));
    opened.push(...silent);
    await expect(mysql.connectionRoom(world.target)).rejects.toMatchObject({ kind: "unreachable" });
    const target = { ...world.target, administration: { host: "127.0.0.1", port } };
    expect(await mysql.revoke(target, one.plan)).toMatchObject({ status: "absent", sessionsEnded: 1 });
  });
});

describe("the connection test", () => {
  const check = async (id: string, target = world.target) =>
    (await mysql.preflight(target)).checks.find((one) => one.id === id);

  test("finds the port for administrators and whether it is used", async () => {
    expect(await check("administration-port")).toMatchObject({
      status: "warning",
      sentence: expect.stringContaining(`port for administrators (${port})`),
    });
    const target = { ...world.target, administration: { host: "127.0.0.1", port } };
    expect(await check("administration-port", target)).toMatchObject({ status: "ok" });
  });

  test("finds that connections that never log in are kept for long, and its statement mends it", async () => {
    await world.byHand("SET GLOBAL connect_timeout = 10");
    const found = await check("login-wait");
    expect(found).toMatchObject({ status: "warning" });
    for (const { sql } of found?.statements ?? []) await world.byHand(sql);
    expect(await check("login-wait")).toMatchObject({ status: "ok" });
    await world.byHand("SET GLOBAL connect_timeout = 10");
  });

  test("finds that the administrator has no connection of its own", async () => {
    const right = flavourUnderTest === "mariadb" ? "CONNECTION ADMIN" : "CONNECTION_ADMIN";
    expect(await check("administrator-connection")).toMatchObject({ status: "ok" });
    await world.byHand(`REVOKE ${right} ON *.* FROM daypass_admin@'%'`);
    const found = await check("administrator-connection");
    expect(found).toMatchObject({ status: "warning" });
    for (const { sql } of found?.statements ?? []) await world.byHand(sql);
    expect(await check("administrator-connection")).toMatchObject({ status: "ok" });
  });
});

/** How many connections could be opened before the server refused one. */
async function fill(login: () => Promise<Connection>): Promise<number> {
  for (let count = 0; ; count += 1) {
    const connection = await login().catch(() => undefined);
    if (!connection) return count;
    opened.push(connection);
  }
}

function neverLogsIn(): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connectSocket(world.server.port, world.server.host);
    socket.on("error", () => resolve(socket));
    // Greeted or refused by then.
    socket.once("data", () => resolve(socket));
    socket.once("close", () => resolve(socket));
    setTimeout(() => resolve(socket), 1_500);
  });
}
