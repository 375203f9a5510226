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

  test("repeated for the same grant changes the password and the end, and makes no second account", async () => {
    const first = await lend(world);
    const second = newPassword();
    const plan = { ...first.plan, expiresAtMs: first.plan.expiresAtMs + 60_000 };
    const again = await postgres.provision(world.target, plan, second);
    expect(again.serverId).toBe(first.serverId);
    await postgres.verifyLogin(world.target, plan, second);
    await expect(postgres.verifyLogin(world.target, plan, first.password)).rejects.toMatchObject({
      kind: "authentication",
    });
    await first.client.end();
  });

  test("of one grant ten times at once makes one account", async () => {
    const plan = world.plan();
    const password = newPassword();
    const ids = await Promise.all(
      Array.from({ length: 10 }, () => postgres.provision(world.target, plan, password)),
    );
    expect(new Set(ids.map((one) => one.serverId)).size).toBe(1);
    await postgres.verifyLogin(world.target, plan, password);
  });

  test("of twenty grants at once, and their revocation at once, all succeed", async () => {
    const scopes = [
      { kind: "database" } as const,
      { kind: "objects", objects: [{ schema: "crm" }] } as const,
      { kind: "objects", objects: [{ schema: "public", table: "orders" }] } as const,
    ];
    const levels = ["read", "write"] as const;
    const plans = Array.from({ length: 20 }, (_, n) =>
      world.plan({ scope: scopes[n % 3] ?? { kind: "database" }, level: levels[n % 2] ?? "read" }),
    );
    await Promise.all(
      plans.map(async (plan) => {
        const password = newPassword();
        await postgres.provision(world.target, plan, password);
        await postgres.verifyLogin(world.target, plan, password);
      }),
    );
    const results = await Promise.all(plans.map((plan) => postgres.revoke(world.target, plan)));
    expect(results.map((one) => one.status)).toEqual(plans.map(() => "absent"));
  });

  test("refuses a name that belongs to another grant or to nobody of ours", async () => {
    const { plan, client } = await lend(world);
    const other = world.plan({ name: plan.name });
    await expect(postgres.provision(world.target, other, newPassword())).rejects.toMatchObject({
      kind: "conflict",
    });
    const foreign = world.plan();
    await world.byHand("postgres", `CREATE ROLE "${foreign.name}" LOGIN`);
    await expect(postgres.provision(world.target, foreign, newPassword())).rejects.toMatchObject({
      kind: "conflict",
    });
    await world.byHand("postgres", `DROP ROLE "${foreign.name}"`);
    await client.end();
  });

  test("that comes late does not open again what a revocation has closed", async () => {
    const { plan, password, client } = await lend(world);
    await postgres.denyLogin(world.target, plan);
    await expect(postgres.provision(world.target, plan, password)).rejects.toMatchObject({
      kind: "conflict",
    });
    await expect(postgres.setExpiry(world.target, plan, Date.now() + 9_000_000)).rejects.toMatchObject({
      kind: "conflict",
    });
    await expect(postgres.verifyLogin(world.target, plan, password)).rejects.toMatchObject({
      kind: "authentication",
    });
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

  test("of an account that is absent cannot be moved", async () => {
    await expect(postgres.setExpiry(world.target, world.plan(), Date.now() + 1_000)).rejects.toMatchObject({
      kind: "conflict",
    });
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

  test("reports an account that was renamed by hand under its new name", async () => {
    const { plan, client } = await lend(world);
    await client.end();
    await world.byHand("postgres", `ALTER ROLE "${plan.name}" RENAME TO somebody`);
    expect(await postgres.listAccounts(world.target)).toContainEqual(
      expect.objectContaining({ name: "somebody", renamedFrom: plan.name }),
    );
    expect(await postgres.isAbsent(world.target, plan.name)).toBe(false);
    await expect(postgres.revoke(world.target, plan)).rejects.toMatchObject({
      kind: "conflict",
      remedy: [`ALTER ROLE "somebody" RENAME TO "${plan.name}";`],
    });
    await world.byHand("postgres", `ALTER ROLE somebody RENAME TO "${plan.name}"`);
    expect(await postgres.revoke(world.target, plan)).toMatchObject({ status: "absent" });
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
    for (const odd of ["postgres", "dp_", `${name}x`, "dp_%", 'dp_"; DROP ROLE app_owner; --']) {
      await expect(postgres.revoke(world.target, { name: odd, grantId: "g" })).rejects.toMatchObject({
        kind: "invalid",
      });
    }
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

  test("errors hold no password", async () => {
    const { plan, password, client } = await lend(world);
    const wrong = `${password}-wrong`;
    const failure = await postgres.verifyLogin(world.target, plan, wrong).catch((error: unknown) => error);
    const { inspect } = await import("node:util");
    expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain(password);
    await client.end();
  });
});

describe("an unreachable server", () => {
  test("is told as such, and work goes on after it came back", async () => {
    const { plan, client } = await lend(world);
    await client.end();
    await world.server.stop();
    for (const act of [
      () => postgres.provision(world.target, world.plan(), newPassword()),
      () => postgres.revoke(world.target, plan),
      () => postgres.isAbsent(world.target, plan.name),
      () => postgres.listAccounts(world.target),
      () => postgres.preflight(world.target),
    ]) {
      await expect(act()).rejects.toMatchObject({ name: "EngineError", kind: "unreachable" });
    }
    await world.server.start();
    expect(await postgres.revoke(world.target, plan)).toMatchObject({ status: "absent" });
  });

  test("wrong administrator's password and an unknown host are told apart", async () => {
    const rotated = {
      ...world.target,
      administrator: { ...world.target.administrator, password: "rotated-meanwhile" },
    };
    await expect(postgres.listAccounts(rotated)).rejects.toMatchObject({ kind: "authentication" });
    const nowhere = { ...world.target, server: { ...world.target.server, host: "nowhere.invalid" } };
    await expect(postgres.listAccounts(nowhere)).rejects.toMatchObject({ kind: "unreachable" });
  });
});
