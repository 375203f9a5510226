import { setTimeout as sleep } from "node:timers/promises";
import { mysql } from "@daypass/databases/mysql/engine.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildMysqlWorld, lendMysql, type MysqlLent, type MysqlWorld } from "./mysql-world.ts";
import { beginLogin, openRawClient, type RawClient } from "./raw-mysql.ts";
import { flavourUnderTest } from "./server-of-flavour.ts";

/** Sessions that do not show whose they are: every end has to find them, by the engine and by the server alone. */
const settings = flavourUnderTest === "mysql" ? ["ON"] : ["ON", "OFF"];

describe.each(settings)("with the performance schema %s", (performanceSchema) => {
  let world: MysqlWorld;
  beforeAll(async () => {
    world = await buildMysqlWorld("as printed", { "performance-schema": performanceSchema });
    await world.byHand(...codeOfAnother);
  }, 60_000);
  afterAll(() => world.remove());

  const raw = ({ plan, password }: MysqlLent) =>
    openRawClient({ ...world.server, username: plan.name, password }, plan.database);

  /** Resolves once the server does not show whose the session is. */
  type Hiding = (session: RawClient) => Promise<void>;
  const hidings: readonly [string, Hiding][] = [
    [
      "a change of user that waits for its proof",
      async (session) => {
        await session.query("SET SESSION net_read_timeout = 31536000");
        await session.beginChangeOfUser("root");
      },
    ],
    ["a view that calls a function of its owner", (session) => begin(session, "SELECT * FROM slow_view")],
    ["a trigger of another definer", (session) => begin(session, "INSERT INTO audited (id) VALUES (NULL)")],
  ];

  async function begin(session: RawClient, statement: string): Promise<void> {
    void session.query(statement).catch(() => undefined);
    await sleep(300);
  }

  /** What its holder does with it once "revoked" was said. */
  async function expectEnded(session: RawClient): Promise<void> {
    await session.answerChangeOfUser(Buffer.from("01234567890123456789")).catch(() => undefined);
    await expect(session.query("SELECT email FROM customers LIMIT 1")).rejects.toThrow();
    expect(session.isClosed()).toBe(true);
  }

  const pausesFor = (seconds: number) => world.byHand(`UPDATE shop_a.pauses SET seconds = ${seconds}`);

  describe.each(hidings)("%s", (_what, hide) => {
    test("is ended by a revocation, before it says absent", async () => {
      await pausesFor(performanceSchema === "ON" ? 60 : 4);
      const lent = await lendMysql(world, { level: "write" });
      const session = await raw(lent);
      await hide(session);
      expect(await mysql.revoke(world.target, lent.plan)).toMatchObject({ status: "absent" });
      await expectEnded(session);
      expect(await administratorsAtWork()).toBe(0);
    });

    test("is ended when login is denied", async () => {
      await pausesFor(performanceSchema === "ON" ? 60 : 4);
      const lent = await lendMysql(world, { level: "write" });
      const session = await raw(lent);
      await hide(session);
      await mysql.denyLogin(world.target, lent.plan);
      await expectEnded(session);
      expect(await mysql.revoke(world.target, lent.plan)).toMatchObject({ status: "absent" });
    });
  });

  test("all of them are ended by the server alone, before it counts the account as gone", async () => {
    await pausesFor(70);
    const lents = await Promise.all(
      hidings.map(() => lendMysql(world, { level: "write", expiresAtMs: Date.now() + 5_000 })),
    );
    const sessions = await Promise.all(lents.map(raw));
    await Promise.all(hidings.map(async ([, hide], place) => hide(sessions[place] ?? fail())));
    const names = lents.map(({ plan }) => `'${plan.name}'`).join(", ");
    const isGone = async () => {
      const gone = `SELECT COUNT(*) AS gone FROM daypass_test.account WHERE dropped_at_ms IS NOT NULL AND name IN (${names})`;
      return (await world.byHand(gone))[0]?.["gone"] === lents.length;
    };
    for (const end = Date.now() + 120_000; !(await isGone()); await sleep(500)) {
      if (Date.now() > end) throw new Error("the server did not end them");
    }
    for (const session of sessions) await expectEnded(session);
  }, 150_000);

  if (performanceSchema === "OFF") {
    test("a statement in the name of another that goes on is told, and is no absence", async () => {
      await pausesFor(14);
      const lent = await lendMysql(world);
      const session = await raw(lent);
      await begin(session, "SELECT * FROM slow_view");
      const first = await mysql.revoke(world.target, lent.plan);
      expect(first).toMatchObject({ status: "quarantined", loginDenied: true, sessionsLeft: 1 });
      expect(JSON.stringify(first)).toMatch(/in the name of owner, may be a session of the account/);
      await sleep(4_000);
      // Whoever finds it first, the server or we.
      expect(await mysql.revoke(world.target, lent.plan)).toMatchObject({ status: "absent" });
      await expectEnded(session);
    });
  }

  test("a change of user by anybody else goes on, as long as it takes no seconds", async () => {
    await world.byHand("CREATE USER pooled IDENTIFIED BY 'theirs'", "GRANT SELECT ON shop_a.* TO pooled");
    const pooled = await world.connect({ username: "pooled", password: "theirs" }, "shop_a");
    let isOver = false;
    let changes = 0;
    const changing = (async () => {
      for (; !isOver; changes += 1) await pooled.changeUser({ user: "pooled", password: "theirs" });
    })();
    for (let round = 0; round < 3; round += 1) {
      const lent = await lendMysql(world);
      expect(await mysql.revoke(world.target, lent.plan)).toMatchObject({
        status: "absent",
        sessionsEnded: 1,
      });
    }
    isOver = true;
    await changing;
    expect(changes).toBeGreaterThan(10);
    await world.byHand("DROP USER pooled");
  });

  test("a login that stops half-way lets nobody in after absent", async () => {
    const lent = await lendMysql(world);
    const login = await beginLogin({ ...world.server, username: lent.plan.name });
    expect(await mysql.revoke(world.target, lent.plan)).toMatchObject({ status: "absent" });
    await expect(login.finish(lent.password)).rejects.toThrow();
  });

  test("an account that is gone and has sessions is not absent, and is on the list", async () => {
    const lent = await lendMysql(world);
    await world.byHand(`DROP USER '${lent.plan.name}'@'%'`);
    expect(await mysql.isAbsent(world.target, lent.plan.name)).toBe(false);
    await world.byHand(`UPDATE daypass_test.account SET state = 'expired' WHERE name = '${lent.plan.name}'`);
    const listed = (await mysql.listAccounts(world.target)).find(({ name }) => name === lent.plan.name);
    expect(listed).toMatchObject({ grantId: lent.plan.grantId, canLogin: false, sessions: 1 });
    expect(await mysql.revoke(world.target, lent.plan)).toMatchObject({ status: "absent", sessionsEnded: 1 });
    expect(await mysql.isAbsent(world.target, lent.plan.name)).toBe(true);
  });

  /** Sessions of the administrator that hang in a statement. */
  async function administratorsAtWork(): Promise<number> {
    const list =
      performanceSchema === "ON"
        ? "SELECT PROCESSLIST_ID FROM performance_schema.threads WHERE PROCESSLIST_USER = 'daypass_admin' AND PROCESSLIST_COMMAND <> 'Sleep' AND TYPE = 'FOREGROUND' AND NAME LIKE '%one\\_connection'"
        : "SELECT ID FROM information_schema.PROCESSLIST WHERE USER = 'daypass_admin' AND COMMAND <> 'Sleep' AND HOST LIKE '%:%'";
    return (await world.byHand(list)).length;
  }
});

function fail(): never {
  throw new Error("there is no session");
}

const codeOfAnother = [
  "SET GLOBAL log_bin_trust_function_creators = 1",
  "CREATE USER owner@'%' IDENTIFIED BY 'theirs'",
  "GRANT ALL ON *.* TO owner@'%'",
  "CREATE TABLE shop_a.pauses (seconds int)",
  "INSERT INTO shop_a.pauses VALUES (1)",
  "CREATE DEFINER = owner@'%' FUNCTION shop_a.wait_a_while() RETURNS int READS SQL DATA BEGIN DECLARE done int; SELECT SLEEP(seconds) INTO done FROM pauses; RETURN 1; END",
  "CREATE DEFINER = owner@'%' VIEW shop_a.slow_view AS SELECT shop_a.wait_a_while() AS done",
  "CREATE TABLE shop_a.audited (id int AUTO_INCREMENT PRIMARY KEY)",
  "CREATE DEFINER = owner@'%' TRIGGER shop_a.audit BEFORE INSERT ON shop_a.audited FOR EACH ROW SET @done = shop_a.wait_a_while()",
];
