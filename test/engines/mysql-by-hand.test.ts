import { mysql } from "@daypass/databases/mysql/engine.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { flavourWords } from "./flavours.ts";
import { buildMysqlWorld, lendMysql, type MysqlLent, type MysqlWorld, refusal } from "./mysql-world.ts";
import { expectNothingLeft } from "./nothing-left.ts";
import { flavourUnderTest } from "./server-of-flavour.ts";

let world: MysqlWorld;
beforeAll(async () => {
  world = await buildMysqlWorld();
}, 60_000);
afterAll(() => world.remove());

const revoke = ({ plan }: Pick<MysqlLent, "plan">) => mysql.revoke(world.target, plan);

const nothingIsLeft = ({ plan }: Pick<MysqlLent, "plan">) => expectNothingLeft(world, plan);

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
    expect(await refusal(lent.client, "SELECT * FROM customers")).toBe(1142);
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
      expect(await revoke(lent)).toMatchObject({ status: "absent" });
      await nothingIsLeft(lent);
    });
  }
});
