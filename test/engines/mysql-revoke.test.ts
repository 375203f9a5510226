import { setTimeout as sleep } from "node:timers/promises";
import { mysql } from "@daypass/databases/mysql/engine.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { flavourWords } from "./flavours.ts";
import {
  buildMysqlWorld,
  lendMysql,
  type MysqlLent,
  type MysqlWorld,
  mysqlAdministrator,
  refusal,
} from "./mysql-world.ts";
import { flavourUnderTest } from "./server-of-flavour.ts";

let world: MysqlWorld;
beforeAll(async () => {
  world = await buildMysqlWorld();
}, 60_000);
afterAll(() => world.remove());

const revoke = ({ plan }: Pick<MysqlLent, "plan">) => mysql.revoke(world.target, plan);

/** Looked at by root, and not by what is under test. */
async function nothingIsLeft({ plan }: Pick<MysqlLent, "plan">): Promise<void> {
  const [left] = await world.byHand(
    `SELECT (SELECT COUNT(*) FROM ${flavourWords.accounts} AS known WHERE User = '${plan.name}') AS accounts,
       (SELECT COUNT(*) FROM mysql.db WHERE User = '${plan.name}') AS databaseRights,
       (SELECT COUNT(*) FROM mysql.tables_priv WHERE User = '${plan.name}') AS tableRights,
       (SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = '${plan.name}') AS sessions`,
  );
  expect(left).toEqual({ accounts: 0, databaseRights: 0, tableRights: 0, sessions: 0 });
}

describe("whatever the account holds, it goes", () => {
  test.each([
    ["an open transaction with row locks", ["START TRANSACTION", "UPDATE customers SET note = 'x'"]],
    ["a lock of its own name, and of ours", ["SELECT GET_LOCK('daypass', 1), GET_LOCK('reaper', 1)"]],
    ["a statement that runs", [flavourWords.noStatementLimit]],
    [
      "settings of its own",
      [
        "SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES'",
        "SET SESSION wait_timeout = 31536000",
        "SET SESSION lock_wait_timeout = 31536000",
      ],
    ],
    [
      "a prepared statement and an open cursor",
      ["PREPARE one FROM 'SELECT * FROM customers'", "HANDLER customers OPEN"],
    ],
    ["half of an XA transaction", ["XA START 'half'", "UPDATE customers SET note = 'y'"]],
  ])("%s", async (_what, statements) => {
    const lent = await lendMysql(world, { level: "write" });
    for (const statement of statements) await lent.client.query(statement);
    const running = lent.client.query("SELECT SLEEP(100) FROM customers").catch((error: unknown) => error);
    await sleep(50);
    const startedAt = performance.now();
    const steps: string[] = [];
    expect(await mysql.revoke(world.target, lent.plan, ({ step }) => void steps.push(step))).toMatchObject({
      status: "absent",
      sessionsEnded: 1,
    });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(steps).toEqual(["login-denied", "sessions-ended", "dropped"]);
    await running;
    expect(await refusal(lent.client, "SELECT 1")).not.toBeNull();
    await nothingIsLeft(lent);
    const [row] = await world.byHand("UPDATE shop_a.customers SET note = NULL", "SELECT 1 AS free");
    expect(row).toEqual({ free: 1 });
  });

  test("a password that it changed", async () => {
    const lent = await lendMysql(world);
    await lent.client.query(flavourWords.setOwnPassword("its own"));
    await revoke(lent);
    await expect(world.connect({ username: lent.plan.name, password: "its own" })).rejects.toMatchObject({
      errno: 1045,
    });
  });

  test("twelve clients that connect again and again", async () => {
    const lent = await lendMysql(world, { connectionLimit: 50 });
    let isOver = false;
    let logins = 0;
    let lastLoginAt = 0;
    const storm = Array.from({ length: 12 }, async () => {
      while (!isOver) {
        try {
          const client = await lent.login();
          logins += 1;
          lastLoginAt = performance.now();
          await client.query("SELECT COUNT(*) FROM customers").catch(() => undefined);
          client.destroy();
        } catch {
          await sleep(1);
        }
      }
    });
    await sleep(300);
    expect(await revoke(lent)).toMatchObject({ status: "absent" });
    const revokedAt = performance.now();
    await sleep(300);
    isOver = true;
    await Promise.all(storm);
    expect(logins).toBeGreaterThan(12);
    expect(lastLoginAt).toBeLessThan(revokedAt);
    await nothingIsLeft(lent);
  });
});

describe("whatever people did to it by hand", () => {
  test("more rights, roles and other hosts go with it", async () => {
    const lent = await lendMysql(world);
    const { name } = lent.plan;
    await world.byHand(
      "CREATE ROLE IF NOT EXISTS auditors",
      `GRANT auditors TO '${name}'`,
      `GRANT ALL ON payroll.* TO '${name}' WITH GRANT OPTION`,
      `GRANT SELECT (email) ON shop_a.customers TO '${name}'`,
      `CREATE USER '${name}'@'127.0.0.%' IDENTIFIED BY 'back door'`,
      `GRANT SELECT, FILE, SHUTDOWN ON *.* TO '${name}'@'127.0.0.%'`,
    );
    const door = await world.connect({ username: name, password: "back door" });
    expect(await revoke(lent)).toMatchObject({ status: "absent", sessionsEnded: 2 });
    expect(await refusal(door, "SELECT 1")).not.toBeNull();
    await expect(world.connect({ username: name, password: "back door" })).rejects.toMatchObject({
      errno: 1045,
    });
    await nothingIsLeft(lent);
  });

  test("dropped with a session left: the session is found by its name and ended", async () => {
    const lent = await lendMysql(world);
    await world.byHand(`DROP USER '${lent.plan.name}'`);
    expect(await refusal(lent.client, "SELECT * FROM customers")).toBeNull();
    expect(await revoke(lent)).toMatchObject({ status: "absent", sessionsEnded: 1 });
    await nothingIsLeft(lent);
  });

  test("its mark taken away: it is refused, and mended by what the refusal says", async () => {
    const lent = await lendMysql(world);
    await world.byHand(flavourWords.unmark(lent.plan.name));
    const error: unknown = await revoke(lent).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: "conflict" });
    await world.byHand(...(error as { remedy: string[] }).remedy);
    expect(await revoke(lent)).toMatchObject({ status: "absent" });
  });

  test("the register lost: the mark alone proves it", async () => {
    const lent = await lendMysql(world);
    await world.byHand(`DELETE FROM daypass_test.account WHERE name = '${lent.plan.name}'`);
    const [found] = (await mysql.listAccounts(world.target)).filter((one) => one.name === lent.plan.name);
    expect(found?.extraRights).toContain("is not in the register of this server");
    expect(await revoke(lent)).toMatchObject({ status: "absent" });
    await nothingIsLeft(lent);
  });

  const definerOf = (name: string) => {
    const definer = `DEFINER = '${name}'@'%'`;
    return [
      // To see them takes these rights; a master user of RDS has them everywhere.
      ...(flavourUnderTest === "mysql" ? ["GRANT SHOW_ROUTINE ON *.* TO daypass_admin@'%'"] : []),
      "GRANT TRIGGER, EVENT ON `shop\\_a`.* TO daypass_admin@'%'",
      `CREATE ${definer} VIEW shop_a.back_door AS SELECT * FROM shop_a.customers`,
      `CREATE ${definer} PROCEDURE shop_a.back_stairs() SELECT * FROM shop_a.customers`,
      `CREATE ${definer} EVENT shop_a.back_again ON SCHEDULE EVERY 1 DAY DO SELECT 1`,
      `CREATE ${definer} TRIGGER shop_a.back_trigger BEFORE INSERT ON shop_a.events FOR EACH ROW SET NEW.id = 1`,
    ];
  };
  const defined = [
    "procedure shop_a.back_stairs",
    "event shop_a.back_again",
    "view shop_a.back_door",
    "trigger shop_a.back_trigger",
  ];
  const names = (texts: readonly string[]) =>
    defined.filter((object) => texts.some((text) => text.replace("definer of ", "").startsWith(object)));

  if (flavourUnderTest === "mariadb")
    test("made the definer of things: they run for nobody after it, and are named", async () => {
      const lent = await lendMysql(world);
      await world.byHand(...definerOf(lent.plan.name));
      const revocation = await revoke(lent);
      expect(revocation).toMatchObject({ status: "absent" });
      const kept = revocation.status === "absent" ? revocation.keptObjects : [];
      expect(names(kept)).toEqual(defined);
      await expect(world.byHand("SELECT * FROM shop_a.back_door")).rejects.toMatchObject({ errno: 1449 });
      await expect(world.byHand("CALL shop_a.back_stairs()")).rejects.toMatchObject({ errno: 1449 });
      for (const text of kept) await world.byHand(text.replace(/^.*; /, ""));
    });
  else {
    test("made the definer of things: the server keeps it, locked and empty, until they are gone", async () => {
      const lent = await lendMysql(world);
      await world.byHand(...definerOf(lent.plan.name));
      const revocation = await revoke(lent);
      expect(revocation).toMatchObject({
        status: "quarantined",
        reason: "owned-objects",
        loginDenied: true,
        sessionsLeft: 0,
      });
      if (revocation.status !== "quarantined") throw new Error("it is quarantined");
      expect(names(revocation.blockers)).toEqual(defined);
      await world.byHand(...revocation.remedy);
      expect(await revoke(lent)).toMatchObject({ status: "absent" });
      await nothingIsLeft(lent);
    });

    test("made the definer of what we may not see: the refusal has the query that finds it", async () => {
      const lent = await lendMysql(world);
      await world.byHand(
        "REVOKE SHOW_ROUTINE ON *.* FROM daypass_admin@'%'",
        `CREATE DEFINER = '${lent.plan.name}'@'%' PROCEDURE payroll.hidden() SELECT 1`,
      );
      const revocation = await revoke(lent);
      expect(revocation).toMatchObject({ status: "quarantined", reason: "owned-objects", loginDenied: true });
      const [query = ""] = revocation.status === "quarantined" ? revocation.remedy : [];
      expect(await world.byHand(query)).toEqual([{ kind: "PROCEDURE", place: "payroll", name: "hidden" }]);
      await world.byHand("DROP PROCEDURE payroll.hidden");
      expect(await revoke(lent)).toMatchObject({ status: "absent" });
    });

    test("made a system user, whom only system users may touch: the refusal says what to take from it", async () => {
      const lent = await lendMysql(world);
      await world.byHand(`GRANT SYSTEM_USER ON *.* TO '${lent.plan.name}'`);
      const revocation = await revoke(lent);
      expect(revocation).toMatchObject({ status: "quarantined", reason: "permission", loginDenied: false });
      const [first = ""] = revocation.status === "quarantined" ? revocation.remedy : [];
      expect(first).toBe(`REVOKE SYSTEM_USER ON *.* FROM '${lent.plan.name}'@'%';`);
      await world.byHand(first);
      expect(await revoke(lent)).toMatchObject({ status: "absent", sessionsEnded: 1 });
      await nothingIsLeft(lent);
    });
  }

  test("a prepared XA transaction outlives it, and is named", async () => {
    // To see them takes this right on MySQL; a master user of RDS has it.
    if (flavourUnderTest === "mysql")
      await world.byHand("GRANT XA_RECOVER_ADMIN ON *.* TO daypass_admin@'%'");
    const lent = await lendMysql(world, { level: "write" });
    for (const statement of [
      "XA START 'left'",
      "UPDATE orders SET total = 0 WHERE id = 1",
      "XA END 'left'",
      "XA PREPARE 'left'",
    ]) {
      await lent.client.query(statement);
    }
    const revocation = await revoke(lent);
    expect(revocation).toMatchObject({ status: "absent" });
    const [kept = ""] = revocation.status === "absent" ? revocation.keptObjects : [];
    expect(kept).toMatch(/^a prepared transaction of an owner whom the server does not tell; XA ROLLBACK 0x/);
    await world.byHand(kept.replace(/^.*; /, ""));
    expect(await world.byHand("XA RECOVER")).toEqual([]);
  });
});

describe("when the server does not let us", () => {
  test("without the right to end sessions it is quarantined: locked, without rights, and saying what to run", async () => {
    const lent = await lendMysql(world);
    await world.byHand(`REVOKE ${flavourWords.killRight} ON *.* FROM daypass_admin@'%'`);
    const revocation = await revoke(lent);
    expect(revocation).toMatchObject({
      status: "quarantined",
      reason: "permission",
      loginDenied: true,
      sessionsLeft: 1,
    });
    await expect(lent.login()).rejects.toMatchObject({ errno: flavourWords.lockedErrno });
    await expect(mysql.denyLogin(world.target, lent.plan)).rejects.toMatchObject({ kind: "permission" });
    const remedy = revocation.status === "quarantined" ? revocation.remedy : [];
    for (const statement of remedy.filter((text) => text.startsWith("GRANT"))) await world.byHand(statement);
    expect(await revoke(lent)).toMatchObject({ status: "absent", sessionsEnded: 1 });
    await nothingIsLeft(lent);
  });

  test("without the right to drop accounts it is quarantined and told", async () => {
    const lent = await lendMysql(world);
    await world.byHand("REVOKE CREATE USER ON *.* FROM daypass_admin@'%'");
    expect(await revoke(lent)).toMatchObject({
      status: "quarantined",
      reason: "permission",
      loginDenied: false,
    });
    await world.byHand("GRANT CREATE USER ON *.* TO daypass_admin@'%'");
    expect(await revoke(lent)).toMatchObject({ status: "absent" });
  });

  test("a backup that holds the whole server is waited for a few seconds, not for ever", async () => {
    const lent = await lendMysql(world);
    const backup = await world.server.asRoot();
    await backup.query("FLUSH TABLES WITH READ LOCK");
    const startedAt = performance.now();
    await expect(revoke(lent)).rejects.toMatchObject({ name: "EngineError", kind: "conflict" });
    await expect(mysql.provision(world.target, world.plan(), "x")).rejects.toMatchObject({
      name: "EngineError",
    });
    expect(performance.now() - startedAt).toBeLessThan(40_000);
    await backup.end();
    expect(await revoke(lent)).toMatchObject({ status: "absent" });
  });

  test("an attempt that hangs in the middle holds the end up for seconds only", async () => {
    const lent = await lendMysql(world);
    const hanging = await world.connect(mysqlAdministrator);
    await hanging.query("SET SESSION wait_timeout = 4");
    await hanging.query("BEGIN");
    await hanging.query(`SELECT * FROM daypass_test.account WHERE name = '${lent.plan.name}' FOR UPDATE`);
    const startedAt = performance.now();
    expect(await revoke(lent)).toMatchObject({ status: "absent" });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});

test("revocations, denials and provisions of one account at the same time end in its absence", async () => {
  for (let round = 0; round < 5; round += 1) {
    const lent = await lendMysql(world);
    const outcomes = await Promise.allSettled([
      revoke(lent),
      mysql.provision(world.target, lent.plan, lent.password),
      mysql.denyLogin(world.target, lent.plan),
      revoke(lent),
      mysql.setExpiry(world.target, lent.plan, lent.plan.expiresAtMs + 1000),
      mysql.provision(world.target, lent.plan, lent.password),
    ]);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected")
        expect(outcome.reason).toMatchObject({ name: "EngineError", kind: "conflict" });
    }
    expect(await revoke(lent)).toMatchObject({ status: "absent" });
    await nothingIsLeft(lent);
  }
});

test("sessions of somebody whose name differs in case alone go on", async () => {
  const lent = await lendMysql(world);
  const name = lent.plan.name.toUpperCase();
  await world.byHand(`CREATE USER '${name}'@'%' IDENTIFIED BY 'theirs'`);
  const theirs = await world.connect({ username: name, password: "theirs" });
  expect(await revoke(lent)).toMatchObject({ status: "absent", sessionsEnded: 1 });
  expect(await refusal(theirs, "SELECT 1")).toBeNull();
  await world.byHand(`DROP USER '${name}'@'%'`);
});

test("the last free slot of a server is enough to end an account", async () => {
  const lent = await lendMysql(world);
  await world.byHand("SET GLOBAL max_connections = 15", "CREATE USER application IDENTIFIED BY 'theirs'");
  const taken = [];
  for (;;) {
    try {
      taken.push(await world.connect({ username: "application", password: "theirs" }));
    } catch {
      break;
    }
  }
  expect(taken.length).toBeGreaterThan(5);
  // MySQL still counts the login that it has just refused.
  await sleep(500);
  try {
    expect(await revoke(lent)).toMatchObject({ status: "absent", sessionsEnded: 1 });
  } finally {
    for (const client of taken) client.destroy();
  }
  await sleep(300);
  await world.byHand("SET GLOBAL max_connections = 151", "DROP USER application");
});

test("accounts of others, of whatever name, are as they were", async () => {
  const before = await world.byHand(
    `${flavourWords.accountsInFull} WHERE User NOT LIKE 'dp\\_%' AND User <> 'daypass_admin' ORDER BY User, Host`,
  );
  const lent = await lendMysql(world);
  await revoke(lent);
  expect(
    await world.byHand(
      `${flavourWords.accountsInFull} WHERE User NOT LIKE 'dp\\_%' AND User <> 'daypass_admin' ORDER BY User, Host`,
    ),
  ).toEqual(before);
});
