import { setTimeout as sleep } from "node:timers/promises";
import { EngineError } from "@daypass/databases/engine.ts";
import { postgres } from "@daypass/databases/postgres/engine.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lend } from "./postgres-lend.ts";
import { buildWorld, newAccountName, newPassword, type World } from "./postgres-world.ts";

let world: World;
beforeAll(async () => {
  world = await buildWorld();
});
afterAll(() => world.remove());

describe("provision", () => {
  test("sets the exact end, the limits and the marker, and no attribute beyond login", async () => {
    const expiresAtMs = Date.now() + 7_200_123;
    const { plan, client } = await lend(world, {
      expiresAtMs,
      connectionLimit: 3,
      statementTimeoutMs: 60_000,
      idleInTransactionTimeoutMs: 30_000,
    });
    const [role] = await world.byHand(
      "postgres",
      `SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS more, rolconnlimit,
         extract(epoch FROM rolvaliduntil) * 1000 AS until, shobj_description(oid, 'pg_authid') AS comment
       FROM pg_roles WHERE rolname = '${plan.name}'`,
    );
    expect(role).toMatchObject({
      more: false,
      rolconnlimit: 3,
      comment: `daypass stack=test grant=${plan.grantId} account=${plan.name}`,
    });
    expect(Number(role?.["until"])).toBe(expiresAtMs);
    const show = async (name: string) =>
      (await client.query<Record<string, string>>(`SHOW ${name}`)).rows[0]?.[name];
    expect(await show("statement_timeout")).toBe("1min");
    expect(await show("idle_in_transaction_session_timeout")).toBe("30s");
    expect(await show("lock_timeout")).toBe("30s");
    await client.end();
  });

  test("refuses passwords that clients and servers could read differently", async () => {
    for (const password of ["short", "pässwörd-with-umlauts", "space inside the password", "x".repeat(257)]) {
      await expect(postgres.provision(world.target, world.plan(), password)).rejects.toMatchObject({
        kind: "invalid",
      });
    }
  });

  test("many scopes do not leave a group each", async () => {
    await world.byHand(
      "shop",
      "SET ROLE app_owner",
      "DO $$ BEGIN FOR n IN 1..45 LOOP EXECUTE format('CREATE TABLE crm.t%s (id int)', n); END LOOP; END $$",
    );
    for (let n = 1; n <= 45; n += 1) {
      const plan = world.plan({ scope: { kind: "objects", objects: [{ schema: "crm", table: `t${n}` }] } });
      await postgres.provision(world.target, plan, newPassword());
      await postgres.revoke(world.target, plan);
    }
    const [row] = await world.byHand(
      "postgres",
      "SELECT count(*)::int AS count FROM pg_roles WHERE rolname LIKE 'daypass_read_%'",
    );
    expect(row?.["count"]).toBeLessThan(20);
  });
});

describe("the end", () => {
  test("stops new logins by the server alone, to the second, and can be moved either way", async () => {
    const { plan, client, login } = await lend(world, { expiresAtMs: Date.now() + 2_000 });
    await (await login()).end();
    await sleep(2_100);
    await expect(login()).rejects.toMatchObject({ code: "28P01" });
    await postgres.setExpiry(world.target, plan, Date.now() + 60_000);
    await (await login()).end();
    await postgres.setExpiry(world.target, plan, Date.now() - 1);
    await expect(login()).rejects.toMatchObject({ code: "28P01" });
    await client.end();
  });
});

describe("listing", () => {
  test("finds accounts of this stack with what they have beyond their grant, and no others", async () => {
    const { plan, serverId, client } = await lend(world);
    const other = world.plan();
    await postgres.provision({ ...world.target, stack: "other" }, other, newPassword());
    await world.byHand(
      "shop",
      `GRANT app_owner TO "${plan.name}"`,
      `GRANT SELECT ON orders TO "${plan.name}"`,
      `GRANT "${plan.name}" TO pg_monitor`,
    );
    const found = await postgres.listAccounts(world.target);
    expect(found.some((account) => account.name === other.name)).toBe(false);
    expect(found.find((account) => account.name === plan.name)).toMatchObject({
      grantId: plan.grantId,
      serverId,
      validUntilMs: plan.expiresAtMs,
      canLogin: true,
      sessions: 1,
      extraRights: [
        "is a member of app_owner",
        "pg_monitor is a member of it",
        "was given 1 rights of its own in shop",
      ],
    });
    await postgres.revoke({ ...world.target, stack: "other" }, other);
    await client.end();
  });
});

describe("accounts of others", () => {
  test("are never touched: no marker, another stack, another grant, a name like ours", async () => {
    const name = newAccountName();
    await world.byHand("postgres", `CREATE ROLE "${name}" LOGIN`);
    const cases = [
      null,
      "a colleague's login",
      `daypass stack=other grant=g account=${name}`,
      `daypass stack=test grant=other account=${name}`,
    ];
    for (const comment of cases) {
      await world.byHand(
        "postgres",
        `COMMENT ON ROLE "${name}" IS ${comment === null ? "NULL" : `'${comment.replace("'", "''")}'`}`,
      );
      const account = { name, grantId: "g" };
      for (const act of [
        () => postgres.revoke(world.target, account),
        () => postgres.denyLogin(world.target, account),
        () => postgres.setExpiry(world.target, account, Date.now()),
      ]) {
        const failure = await act().catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(EngineError);
        expect(failure).toMatchObject({ kind: "conflict", message: expect.stringContaining("not ours") });
      }
    }
    const [role] = await world.byHand(
      "postgres",
      `SELECT rolcanlogin, rolvaliduntil FROM pg_roles WHERE rolname = '${name}'`,
    );
    expect(role).toEqual({ rolcanlogin: true, rolvaliduntil: null });
  });

  test("a role in the place of a group or of the keeper is not adopted", async () => {
    const target = { ...world.target, stack: "squat" };
    await world.byHand("postgres", "CREATE ROLE daypass_keeper_squat");
    await expect(postgres.provision(target, world.plan(), newPassword())).rejects.toMatchObject({
      kind: "conflict",
    });
    await world.byHand("postgres", "DROP ROLE daypass_keeper_squat");
  });
});

describe("secrets", () => {
  test("the server's log of every statement holds no password of an account or of the administrator", async () => {
    const { plan, password, client } = await lend(world);
    await postgres.provision(world.target, plan, password);
    await postgres.revoke(world.target, plan);
    const log = world.server.log();
    expect(log).toContain(`CREATE ROLE "${plan.name}"`);
    expect(log).toContain("SCRAM-SHA-256$4096:");
    expect(log).not.toContain(password);
    const broker = log
      .split("\n")
      .filter((line) => !line.includes("ALTER ROLE daypass_admin CREATEDB PASSWORD"));
    expect(broker.join("\n")).not.toContain(world.target.administrator.password);
    await client.end();
  });
});
