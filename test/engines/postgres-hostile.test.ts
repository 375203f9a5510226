import { setTimeout as sleep } from "node:timers/promises";
import { postgres } from "@daypass/databases/postgres/engine.ts";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hiddenLogin, opening, ruses } from "./postgres-hostile.ts";
import { expectGone, type Lent, lend, revoke } from "./postgres-lend.ts";
import { buildWorld, type World } from "./postgres-world.ts";

let world: World;
beforeAll(async () => {
  world = await buildWorld();
});
afterAll(() => world.remove());

/** The holder's locks may cost an end some hundred milliseconds, and never a server's whole lock timeout. */
const quickMs = 3_000;
const names = Object.keys(ruses);

describe("an account that holds a lock on its own end", () => {
  test.each(names)("with %s is ended early", async (name) => {
    const { lent, reader, stop } = await beset(name);
    const startedAt = performance.now();
    const result = await revoke(world, lent);
    expect(performance.now() - startedAt).toBeLessThan(quickMs);
    await expectReadsNothing(reader);
    await stop();
    expect(result).toMatchObject({ status: "absent" });
    await expectGone(world, lent);
  });

  test.each(names)("with %s is denied login", async (name) => {
    const { lent, reader, stop } = await beset(name);
    const startedAt = performance.now();
    await postgres.denyLogin(world.target, { ...lent.plan, serverId: lent.serverId });
    expect(performance.now() - startedAt).toBeLessThan(quickMs);
    await expectReadsNothing(reader);
    await stop();
    await expect(lent.login()).rejects.toMatchObject({ code: expect.stringMatching(/^28/) });
    expect(await revoke(world, lent)).toMatchObject({ status: "absent" });
    await expectGone(world, lent);
  });

  test.each(names)("with %s comes to its natural end", async (name) => {
    const { lent, reader, stop } = await beset(name, { expiresAtMs: Date.now() + 1_500 });
    await sleep(lent.plan.expiresAtMs - Date.now() + 50);
    const startedAt = performance.now();
    const result = await revoke(world, lent);
    expect(performance.now() - startedAt).toBeLessThan(quickMs);
    await expectReadsNothing(reader);
    await stop();
    expect(result).toMatchObject({ status: "absent" });
    await expectGone(world, lent);
  });
});

describe("a login that is let in and shows in no list yet", () => {
  test.each(["shop", "postgres"])("does not outlive the end of its account, in %s", async (database) => {
    const lent = await lend(world);
    const hidden = hiddenLogin(world, lent, database, 600);
    await sleep(300);
    expect(await revoke(world, lent)).toMatchObject({ status: "absent" });
    expect(await hidden).toBe("ended");
    await expectGone(world, lent);
  });

  test("does not outlive a natural end without any other session", async () => {
    const lent = await lend(world, { expiresAtMs: Date.now() + 1_500 });
    await lent.client.end();
    const hidden = hiddenLogin(world, lent, "shop", 600);
    await sleep(lent.plan.expiresAtMs - Date.now() + 50);
    expect(await revoke(world, lent)).toMatchObject({ status: "absent" });
    expect(await hidden).toBe("ended");
  });

  test("of someone else goes on", async () => {
    const [lent, other] = [await lend(world), await lend(world)];
    const others = hiddenLogin(world, other, "shop", 2);
    await sleep(300);
    expect(await revoke(world, lent)).toMatchObject({ status: "absent" });
    expect(await others).toBe("works");
    expect(await revoke(world, other)).toMatchObject({ status: "absent" });
  });
});

describe("a lock that someone else holds", () => {
  const onTheName = (name: string) => [
    "SELECT lo_create(0)",
    `ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO "${name}"`,
  ];

  test("on the account's name, in an open transaction of another account, ends with that session", async () => {
    const [lent, other] = [await lend(world), await lend(world)];
    await opening(other, onTheName(lent.plan.name));
    expect(await revoke(world, lent)).toMatchObject({ status: "absent" });
    await expectGone(world, lent);
    await other.client.query("SELECT FROM customers");
    expect(await revoke(world, other)).toMatchObject({ status: "absent" });
  });

  test("on the account's name, in a prepared transaction of another account, is rolled back", async () => {
    const [lent, other] = [await lend(world), await lend(world)];
    await opening(other, [...onTheName(lent.plan.name), "PREPARE TRANSACTION 'in the way'"]);
    expect(await revoke(world, lent)).toMatchObject({ status: "absent" });
    await expectGone(world, lent);
    expect(await revoke(world, other)).toMatchObject({ status: "absent" });
  });

  test("is named when it is a person's, and all else is done meanwhile", async () => {
    const lent = await lend(world);
    const holder = await world.connect(world.server.superuser, "postgres");
    await holder.query("SET application_name = 'by hand'");
    await holder.query("BEGIN");
    await holder.query(`ALTER ROLE "${lent.plan.name}" CONNECTION LIMIT 7`);
    const startedAt = performance.now();
    const result = await revoke(world, lent);
    expect(performance.now() - startedAt).toBeLessThan(2 * quickMs);
    await expectReadsNothing(lent.client);
    await expect(lent.login()).rejects.toMatchObject({ code: "42501" });
    expect(result).toMatchObject({
      status: "quarantined",
      reason: "lock",
      loginDenied: false,
      sessionsLeft: 0,
      blockers: expect.arrayContaining([
        expect.stringMatching(/^process \d+ of root_of_server \(by hand\) holds a lock on it$/),
      ]),
      remedy: expect.arrayContaining([expect.stringMatching(/^SELECT pg_terminate_backend\(\d+\);$/)]),
    });
    await expect(postgres.denyLogin(world.target, lent.plan)).rejects.toMatchObject({
      kind: "conflict",
      message: expect.stringContaining("of root_of_server (by hand) holds a lock on it"),
    });
    await holder.end();
    expect(await revoke(world, lent)).toMatchObject({ status: "absent" });
    await expectGone(world, lent);
  });

  test("is named when it is a prepared transaction of a person's", async () => {
    const lent = await lend(world);
    await world.byHand(
      "postgres",
      "BEGIN",
      `ALTER ROLE "${lent.plan.name}" CONNECTION LIMIT 7`,
      "PREPARE TRANSACTION 'by hand'",
    );
    const result = await revoke(world, lent);
    await expectReadsNothing(lent.client);
    expect(result).toMatchObject({
      status: "quarantined",
      reason: "lock",
      blockers: expect.arrayContaining([
        "prepared transaction by hand of root_of_server in postgres holds a lock on it",
      ]),
    });
    if (result.status !== "quarantined") return;
    const remedy = result.remedy.find((text) => text.startsWith("ROLLBACK PREPARED")) ?? "SELECT 1/0";
    await world.byHand("postgres", remedy);
    expect(await revoke(world, lent)).toMatchObject({ status: "absent" });
    await expectGone(world, lent);
  });
});

describe("what an account holds", () => {
  test("keeps nobody else from access, or from its end", async () => {
    const lent = await lend(world);
    const group = "daypass_read_test_%";
    const groups = await world.byHand(
      "postgres",
      `SELECT rolname FROM pg_roles WHERE rolname LIKE '${group}'`,
    );
    const asGroup =
      world.server.majorVersion < 16
        ? [`SET ROLE "${String(groups[0]?.["rolname"])}"`, "ALTER ROLE CURRENT_USER PASSWORD 'of-its-group'"]
        : [];
    await opening(lent, ["ALTER ROLE CURRENT_USER PASSWORD 'of-its-own'", ...asGroup]);
    const startedAt = performance.now();
    const other = await lend(world);
    expect(await revoke(world, other)).toMatchObject({ status: "absent" });
    expect(performance.now() - startedAt).toBeLessThan(quickMs);
    expect(await revoke(world, lent)).toMatchObject({ status: "absent" });
  });

  test("keeps nobody from access by a statement that waits before it is refused", async () => {
    const { lent, stop } = await beset("a change of the whole catalog that waits behind an open one");
    const other = await lend(world);
    expect(await revoke(world, other)).toMatchObject({ status: "absent" });
    await stop();
    expect(await revoke(world, lent)).toMatchObject({ status: "absent" });
  });

  test("costs an extension little time", async () => {
    const lent = await lend(world);
    await opening(lent, ["ALTER ROLE CURRENT_USER PASSWORD 'of-its-own'"]);
    const startedAt = performance.now();
    await expect(
      postgres.setExpiry(world.target, lent.plan, lent.plan.expiresAtMs + 60_000),
    ).rejects.toMatchObject({ kind: "conflict" });
    expect(performance.now() - startedAt).toBeLessThan(2 * quickMs);
    expect(await revoke(world, lent)).toMatchObject({ status: "absent" });
  });

  test("does not keep two revocations at once from the same end", async () => {
    const { lent, reader, stop } = await beset("a prepared ALTER ROLE");
    await opening(lent, ["ALTER ROLE CURRENT_USER SET work_mem = '1MB'"]);
    const results = await Promise.all([1, 2, 3].map(() => revoke(world, lent)));
    await stop();
    expect(results.some(({ status }) => status === "absent")).toBe(true);
    await expectReadsNothing(reader);
    expect(await revoke(world, lent)).toMatchObject({ status: "absent" });
    await expectGone(world, lent);
  });
});

/** A session that reads while another does what the name says. */
async function beset(name: string, changes: { expiresAtMs?: number } = {}) {
  const lent: Lent = await lend(world, changes);
  const stop = await ruses[name]?.(world, lent);
  await lent.client.query("SELECT FROM customers");
  return { lent, reader: lent.client, stop: stop ?? (() => Promise.reject(new Error(name))) };
}

async function expectReadsNothing(reader: pg.Client): Promise<void> {
  await expect(reader.query("SELECT FROM customers")).rejects.toThrow();
}
