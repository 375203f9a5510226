import { mysql } from "@daypass/databases/mysql/engine.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildMysqlWorld, lendMysql, type MysqlLent, type MysqlWorld, refusal } from "./mysql-world.ts";
import { flavourUnderTest } from "./server-of-flavour.ts";

/** Prepared transactions (XA) outlive their session, and anybody may commit them. */
let world: MysqlWorld;
beforeAll(async () => {
  world = await buildMysqlWorld();
}, 60_000);
afterAll(() => world.remove());

const ofTheApplication = ["XA START 'theirs'", "UPDATE payroll.salaries SET amount = 6000 WHERE id = 1"];
const finished = (name: string) => [`XA END ${name}`, `XA PREPARE ${name}`];

async function prepare({ client }: Pick<MysqlLent, "client">, name: string, id: number): Promise<void> {
  const update = `UPDATE orders SET total = 0 WHERE id = ${id}`;
  for (const statement of [`XA START ${name}`, update, ...finished(name)]) await client.query(statement);
}

const totalOf = async (id: number) =>
  (await world.byHand(`SELECT CAST(total AS DOUBLE) AS total FROM shop_a.orders WHERE id = ${id}`))[0]?.[
    "total"
  ];

test("what the account prepared is rolled back where the server tells whose it is, and else is in the way and told", async () => {
  const lent = await lendMysql(world, { level: "write" });
  const reader = await lendMysql(world);
  const names = ["'left'", "'left', 'branch', 7", "0xff00c3, ''"];
  for (const [place, name] of names.entries()) {
    const client = await lent.login();
    await prepare({ client }, name, place + 1);
  }
  const revocation = await mysql.revoke(world.target, lent.plan);
  if (flavourUnderTest === "mariadb") {
    expect(revocation).toMatchObject({ status: "quarantined", reason: "lock", sessionsLeft: 0 });
    const remedy = revocation.status === "quarantined" ? revocation.remedy : [];
    expect(remedy).toHaveLength(names.length);
    for (const statement of remedy) await world.byHand(statement);
    expect(await mysql.revoke(world.target, lent.plan)).toMatchObject({ status: "absent", keptObjects: [] });
  } else expect(revocation).toMatchObject({ status: "absent", keptObjects: [] });
  for (const [place, name] of names.entries()) {
    expect(await refusal(reader.client, `XA COMMIT ${name}`)).toBe(1397);
    expect(await totalOf(place + 1)).toBe((place + 1) * 10);
  }
  await world.byHand("SET SESSION innodb_lock_wait_timeout = 1", "UPDATE shop_a.orders SET total = total");
});

test("one with the largest number that the server takes keeps nobody from access, and its remedy ends it", async () => {
  const lent = await lendMysql(world, { level: "write" });
  const client = await lent.login();
  // The driver gives a text for 64 bits; the performance schema of MySQL keeps 32 of them.
  await prepare(
    { client },
    `'large', 'b', ${flavourUnderTest === "mysql" ? "9223372036854775807" : "2147483647"}`,
    1,
  );
  await mysql.preflight(world.target);
  const other = await lendMysql(world, { level: "write" });
  expect(await mysql.revoke(world.target, other.plan)).toMatchObject({ status: "absent" });
  const revocation = await mysql.revoke(world.target, lent.plan);
  if (revocation.status === "quarantined") {
    expect(revocation).toMatchObject({ reason: "lock", loginDenied: true, sessionsLeft: 0 });
    await world.byHand(...revocation.remedy);
    expect(await mysql.revoke(world.target, lent.plan)).toMatchObject({ status: "absent" });
  }
  expect(await totalOf(1)).toBe(10);
});

test("one whose session is gone, or did something else since, is never rolled back on a guess, and revoked is not said", async () => {
  const lent = await lendMysql(world, { level: "write" });
  const client = await lent.login();
  await prepare({ client }, "'orphan'", 4);
  client.destroy();
  // MySQL remembers the last one of a session only.
  if (flavourUnderTest === "mysql") {
    await prepare(lent, "'hidden'", 5);
    await lent.client.query("SELECT COUNT(*) FROM customers");
  }
  await expect
    .poll(
      async () =>
        (await world.byHand("SELECT 1 FROM information_schema.PROCESSLIST WHERE USER LIKE 'dp%'")).length,
    )
    .toBeLessThan(3);
  const revocation = await mysql.revoke(world.target, lent.plan);
  expect(revocation).toMatchObject({ status: "quarantined", reason: "lock", loginDenied: true });
  expect(JSON.stringify(revocation)).toMatch(/one may be its own/);
  await world.byHand(...(revocation.status === "quarantined" ? revocation.remedy : []));
  expect(await mysql.revoke(world.target, lent.plan)).toMatchObject({ status: "absent" });
});

test("an application's own is left alone: that of before is none of ours, and that of now may take a moment", async () => {
  const application = await world.server.asRoot("payroll");
  for (const statement of [...ofTheApplication, ...finished("'theirs'")]) await application.query(statement);
  const lent = await lendMysql(world, { level: "write" });
  expect(await mysql.revoke(world.target, lent.plan)).toMatchObject({ status: "absent" });
  await application.query("XA COMMIT 'theirs'");

  const other = await lendMysql(world, { level: "write" });
  for (const statement of [...ofTheApplication, ...finished("'theirs'")]) await application.query(statement);
  const [revocation] = await Promise.all([
    mysql.revoke(world.target, other.plan),
    new Promise((resolve) => setTimeout(resolve, 700)).then(() => application.query("XA COMMIT 'theirs'")),
  ]);
  expect(revocation).toMatchObject({ status: "absent" });
  await application.end();
});

if (flavourUnderTest === "mysql") {
  test("without the right to look, nothing is proven, and the statement that is printed mends it", async () => {
    const lent = await lendMysql(world, { level: "write" });
    await world.byHand("REVOKE XA_RECOVER_ADMIN ON *.* FROM daypass_admin@'%'");
    const check = (await mysql.preflight(world.target)).checks.find(
      ({ id }) => id === "prepared-transactions",
    );
    expect(check).toMatchObject({ status: "missing" });
    const revocation = await mysql.revoke(world.target, lent.plan);
    expect(revocation).toMatchObject({ status: "quarantined", reason: "permission", loginDenied: true });
    await world.byHand(...(revocation.status === "quarantined" ? revocation.remedy : []));
    expect(await mysql.revoke(world.target, lent.plan)).toMatchObject({ status: "absent" });
  });
}
