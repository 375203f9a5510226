import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { expectGone, lend, newPassword, refusal, revoke } from "./lend.ts";
import type { ServerUnderTest } from "./server-under-test.ts";

export function revokeSuite(server: () => ServerUnderTest): void {
  describe("revoke", () => {
    test("ends sessions in a long statement, idle, and in a transaction, which is undone", async () => {
      const lent = await lend(server(), { level: "write" });
      const sleeping = refusal(server(), lent.client.run(server().words.sleep));
      const inTransaction = await lent.login();
      await inTransaction.run("BEGIN");
      await inTransaction.run("UPDATE customers SET note = 'never' WHERE id = 1");
      const idle = await lent.login();
      expect(await revoke(server(), lent)).toMatchObject({ status: "absent", sessionsEnded: 3 });
      expect(await sleeping).toBe("ended");
      for (const one of [inTransaction, idle]) {
        expect(await refusal(server(), one.run("SELECT 1"))).toBe("ended");
      }
      expect(await server().byHand("SELECT note FROM customers WHERE id = 1")).toEqual([{ note: null }]);
      await expectGone(server(), lent);
    });

    test("comes to its end although new logins keep coming", async () => {
      const lent = await lend(server(), { connectionLimit: 50 });
      let stop = false;
      const knocking = (async () => {
        while (!stop) {
          // Refused, as it should be in the end; the loop goes on knocking until the test is over.
          if ((await refusal(server(), lent.login())) !== undefined) await sleep(5);
        }
      })();
      await sleep(100);
      const result = await revoke(server(), lent);
      stop = true;
      await knocking;
      expect(result.status).toBe("absent");
      await expectGone(server(), lent);
    });

    test("keeps what the account made, and nothing of the account with it", async () => {
      const lent = await lend(server(), { level: "ddl", scope: server().words.scopeOfDdl("own_report") });
      await lent.client.run("CREATE TABLE own_report (id int)");
      await lent.client.run("INSERT INTO own_report VALUES (7)");
      const result = await revoke(server(), lent);
      expect(result).toMatchObject({ status: "absent", sessionsEnded: 1 });
      // Where the server finds objects by a path of schemas, it is kept under a name that nobody uses.
      const [kept = ""] = result.status === "absent" ? result.keptObjects : [];
      const name = /, now (\S+)$/.exec(kept)?.[1] ?? "own_report";
      expect(await server().byHand(`SELECT id FROM ${name}`)).toEqual([{ id: 7 }]);
      await server().byHand(`DROP TABLE ${name}`);
      await expectGone(server(), lent);
    });

    test("finds the sessions of an account that was dropped by hand", async () => {
      const lent = await lend(server());
      await server().byHand(...server().words.dropByHand(lent.plan.name));
      await lent.client.run("SELECT 1");
      expect(await revoke(server(), lent)).toMatchObject({ status: "absent", sessionsEnded: 1 });
      expect(await refusal(server(), lent.client.run("SELECT 1"))).toBe("ended");
      await expectGone(server(), lent);
    });

    test("takes an account back that changed its own password", async () => {
      const lent = await lend(server());
      const password = newPassword();
      await lent.client.run(server().words.setOwnPassword(password));
      const again = () => server().connect({ username: lent.plan.name, password }, "shop");
      await again();
      expect(await revoke(server(), lent)).toMatchObject({ status: "absent", sessionsEnded: 2 });
      expect(await refusal(server(), again())).toBe("login");
      await expectGone(server(), lent);
    });

    test("takes an account back that was given more by hand", async () => {
      const lent = await lend(server());
      await server().byHand(...server().words.widenByHand(lent.plan.name));
      expect(await revoke(server(), lent)).toMatchObject({ status: "absent" });
      await expectGone(server(), lent);
    });

    test("repeated after success, and for what never was, says absent", async () => {
      const { engine, target, plan } = server();
      const lent = await lend(server());
      expect(await revoke(server(), lent)).toMatchObject({ status: "absent", sessionsEnded: 1 });
      expect(await revoke(server(), lent)).toMatchObject({ status: "absent", sessionsEnded: 0 });
      expect(await engine.revoke(target, plan())).toMatchObject({ status: "absent", sessionsEnded: 0 });
    });

    test("five times at once says absent five times", async () => {
      const lent = await lend(server());
      const results = await Promise.all(Array.from({ length: 5 }, () => revoke(server(), lent)));
      expect(results.map((one) => one.status)).toEqual(Array.from({ length: 5 }, () => "absent"));
      await expectGone(server(), lent);
    });

    test("stopped behind any of its steps comes to the same end when it is repeated", async () => {
      const { engine, target } = server();
      const steps: string[] = [];
      const whole = await lend(server());
      await engine.revoke(target, whole.plan, ({ step }) => {
        steps.push(step);
      });
      expect(steps).toEqual(expect.arrayContaining(["login-denied", "sessions-ended", "dropped"]));
      for (const stopAt of new Set(steps)) {
        const lent = await lend(server());
        const stopped = engine.revoke(target, lent.plan, ({ step }) => {
          if (step === stopAt) throw new Error("the machine stopped here");
        });
        await expect(stopped, stopAt).rejects.toThrow();
        expect(await refusal(server(), lent.login()), `behind ${stopAt}`).toBe("login");
        expect(await revoke(server(), lent)).toMatchObject({ status: "absent" });
        await expectGone(server(), lent);
      }
    });

    test("says that the login is not denied when the administrator lost the right to", async () => {
      const lent = await lend(server());
      await server().byHand(...server().words.disarm);
      try {
        const result = await revoke(server(), lent);
        expect(result).toMatchObject({ status: "quarantined", reason: "permission", loginDenied: false });
        expect(result.status === "quarantined" && result.remedy.join("\n")).toContain(lent.plan.name);
        // Sessions may be ended all the same; the login is what is not denied.
        await (await lent.login()).end();
      } finally {
        await server().byHand(...server().words.arm);
      }
      expect(await revoke(server(), lent)).toMatchObject({ status: "absent" });
      await expectGone(server(), lent);
    });
  });

  test("denying login alone keeps the account, without rights and sessions, for inspection", async () => {
    const { engine, target } = server();
    const lent = await lend(server());
    expect(await engine.denyLogin(target, lent.plan)).toEqual({ sessionsEnded: 1 });
    expect(await engine.isAbsent(target, lent.plan.name)).toBe(false);
    expect(await refusal(server(), lent.login())).toBe("login");
    const found = (await engine.listAccounts(target)).find(({ name }) => name === lent.plan.name);
    expect(found).toMatchObject({ canLogin: false, sessions: 0, memberships: [], extraRights: [] });
    expect(await engine.denyLogin(target, lent.plan)).toEqual({ sessionsEnded: 0 });
    expect(await revoke(server(), lent)).toMatchObject({ status: "absent" });
    await expectGone(server(), lent);
  });
}
