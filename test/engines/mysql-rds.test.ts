import { setTimeout as sleep } from "node:timers/promises";
import { mysql } from "@daypass/databases/mysql/engine.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { flavourWords } from "./flavours.ts";
import { buildMysqlWorld, lendMysql, type MysqlWorld, refusal } from "./mysql-world.ts";

/** As on RDS where the right to end sessions is not given away: there is a procedure for it instead. */
let world: MysqlWorld;
beforeAll(async () => {
  world = await buildMysqlWorld();
  await world.byHand(
    `REVOKE ${flavourWords.killRight} ON *.* FROM daypass_admin@'%'`,
    "CREATE PROCEDURE mysql.rds_kill(IN thread BIGINT) SQL SECURITY DEFINER KILL CONNECTION thread",
    "GRANT EXECUTE ON PROCEDURE mysql.rds_kill TO daypass_admin@'%'",
  );
}, 60_000);
afterAll(() => world.remove());

test("preflight finds nothing missing", async () => {
  const { checks } = await mysql.preflight(world.target);
  expect(checks.filter(({ status, database }) => status === "missing" && database === null)).toEqual([]);
});

test("sessions are ended by the procedure", async () => {
  const lent = await lendMysql(world);
  const other = await lent.login();
  expect(await mysql.revoke(world.target, lent.plan)).toMatchObject({ status: "absent", sessionsEnded: 2 });
  for (const session of [lent.client, other]) expect(await refusal(session, "SELECT 1")).not.toBeNull();
});

test("the server's own switch calls it too", async () => {
  const lent = await lendMysql(world, { expiresAtMs: Date.now() + 2_000 });
  const bystander = await lendMysql(world);
  expect(await mysql.provision(world.target, bystander.plan, bystander.password)).toMatchObject({
    deadManSwitch: "drop",
  });
  for (const end = Date.now() + 20_000; (await refusal(lent.client, "SELECT 1")) === null; await sleep(200)) {
    if (Date.now() > end) throw new Error("the session lives on");
  }
  await expect(lent.login()).rejects.toMatchObject({ errno: flavourWords.endedErrno });
  expect(await refusal(bystander.client, "SELECT 1")).toBeNull();
});
