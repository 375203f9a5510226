import { connect, type Socket } from "node:net";
import { postgres } from "@daypass/databases/postgres/engine.ts";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildWorld, newPassword, type World } from "./postgres-world.ts";

const maxConnections = 30;
const reserved = 4;
const perAccount = 3;

let world: World;
beforeAll(async () => {
  world = await buildWorld({ max_connections: String(maxConnections) });
}, 60_000);
afterAll(() => world.remove());

const canReserve = () => world.server.majorVersion >= 16;
const find = async () =>
  (await postgres.preflight(world.target)).checks.find((one) => one.id === "reserved-connections");

describe("the connection test", () => {
  test("finds that nothing is reserved for the administrator, and says what mends it", async () => {
    const found = await find();
    expect(found).toMatchObject({ status: "warning" });
    if (!canReserve()) {
      expect(found?.sentence).toContain("PostgreSQL 15 keeps connections for superusers alone");
      expect(found?.statements).toEqual([]);
      return;
    }
    expect(found?.statements).toEqual([
      { database: null, sql: "ALTER SYSTEM SET reserved_connections = 8;" },
    ]);
    await world.byHand("postgres", `ALTER SYSTEM SET reserved_connections = ${reserved}`);
    await world.server.stop();
    await world.server.start();
    expect(await find()).toMatchObject({
      status: "ok",
      sentence: `The server keeps ${reserved} of ${maxConnections} connections for the administrator.`,
    });
    await world.byHand("postgres", "REVOKE pg_use_reserved_connections FROM daypass_admin");
    const without = await find();
    expect(without).toMatchObject({ status: "warning" });
    for (const { sql } of without?.statements ?? []) await world.byHand("postgres", sql);
    expect(await find()).toMatchObject({ status: "ok", statements: [] });
  });
});

test("the administrator gets in, and ends access, while all lent accounts use all that they may and the application the rest", async () => {
  const plans = [];
  const clients: pg.Client[] = [];
  const fill = async (login: { username: string; password: string }) => {
    for (let count = 0; ; count += 1) {
      const client = await world.connect(login, "shop").catch(() => undefined);
      if (!client) return count;
      client.on("error", () => undefined);
      clients.push(client);
    }
  };
  for (;;) {
    const room = await postgres.connectionRoom(world.target);
    expect(room).toMatchObject({ max: maxConnections, reserved: canReserve() ? 3 + reserved : 3 });
    if (room.lent + perAccount > Math.floor((room.max - room.reserved) / 2)) break;
    const plan = world.plan({ connectionLimit: perAccount });
    const password = newPassword();
    await postgres.provision(world.target, plan, password);
    plans.push(plan);
    expect(await fill({ username: plan.name, password })).toBe(perAccount);
  }
  expect(plans.length).toBe(canReserve() ? 3 : 4);
  const [first] = plans;
  if (!first) throw new Error("nothing was lent");
  expect(await postgres.connectionRoom(world.target, first.name)).toMatchObject({
    lent: (plans.length - 1) * perAccount,
  });
  if (canReserve()) {
    await world.byHand(
      "shop",
      "CREATE ROLE application LOGIN PASSWORD 'theirs'",
      "GRANT CONNECT ON DATABASE shop TO application",
    );
    expect(await fill({ username: "application", password: "theirs" })).toBeGreaterThan(5);
  }
  expect(await postgres.revoke(world.target, first)).toMatchObject({
    status: "absent",
    sessionsEnded: perAccount,
  });
  for (const client of clients) await client.end().catch(() => undefined);
});

test("connections that never finish their login keep the administrator out no longer than the server waits for them", async () => {
  const check = async () =>
    (await postgres.preflight(world.target)).checks.find((one) => one.id === "login-wait");
  const found = await check();
  expect(found).toMatchObject({ status: "warning" });
  for (const { sql } of found?.statements ?? []) await world.byHand("postgres", sql);
  expect(await check()).toMatchObject({ status: "ok", statements: [] });
  await world.byHand("postgres", "ALTER SYSTEM SET authentication_timeout = '4s'", "SELECT pg_reload_conf()");
  const sockets = await Promise.all(Array.from({ length: maxConnections + 10 }, neverLogsIn));
  try {
    await expect(postgres.connectionRoom(world.target)).rejects.toMatchObject({ kind: "unreachable" });
    await expect
      .poll(() => postgres.connectionRoom(world.target).then(() => "in"), { timeout: 20_000, interval: 500 })
      .toBe("in");
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});

/** Says who it would be, and leaves the server's question for a password without an answer. */
function neverLogsIn(): Promise<Socket> {
  const parameters = Buffer.from("user\0daypass_admin\0database\0shop\0\0");
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + parameters.length, 0);
  head.writeInt32BE(196_608, 4);
  return new Promise((resolve) => {
    const socket = connect(world.target.server.port, world.target.server.host);
    socket.on("error", () => resolve(socket));
    socket.on("connect", () => socket.write(Buffer.concat([head, parameters])));
    socket.once("data", () => resolve(socket));
    socket.once("close", () => resolve(socket));
  });
}
