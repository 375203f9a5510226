import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { lend, newPassword, refusal } from "./lend.ts";
import { type ServerUnderTest, tableScope } from "./server-under-test.ts";

export function provisionSuite(server: () => ServerUnderTest): void {
  describe("provision", () => {
    test("repeated for the same grant changes the password and the end, and makes no second account", async () => {
      const { engine, target } = server();
      const first = await lend(server());
      const password = newPassword();
      const plan = { ...first.plan, expiresAtMs: first.plan.expiresAtMs + 60_000 };
      const again = await engine.provision(target, plan, password);
      expect(again.serverId).toBe(first.serverId);
      await engine.verifyLogin(target, plan, password);
      expect(await engine.verifyLogin(target, plan, first.password).catch(kindOf)).toBe("authentication");
      const found = (await engine.listAccounts(target)).filter(({ grantId }) => grantId === plan.grantId);
      expect(found).toMatchObject([{ name: plan.name, validUntilMs: plan.expiresAtMs }]);
      await first.client.end();
    });

    test("of one grant ten times at once makes one account", async () => {
      const { engine, target, plan: newPlan } = server();
      const plan = newPlan();
      const password = newPassword();
      const made = await Promise.all(
        Array.from({ length: 10 }, () => engine.provision(target, plan, password)),
      );
      expect(new Set(made.map((one) => one.serverId)).size).toBe(1);
      await engine.verifyLogin(target, plan, password);
      expect(await engine.revoke(target, plan)).toMatchObject({ status: "absent" });
    });

    test("of twenty grants at once, and their revocation at once, all succeed", async () => {
      const { engine, target, plan: newPlan } = server();
      const scopes = [{ kind: "database" } as const, tableScope(server(), "shop", "orders")];
      const levels = ["read", "write"] as const;
      const plans = Array.from({ length: 20 }, (_, n) =>
        newPlan({ scope: scopes[n % 2] ?? { kind: "database" }, level: levels[n % 3 === 0 ? 1 : 0] }),
      );
      await Promise.all(
        plans.map(async (plan) => {
          const password = newPassword();
          await engine.provision(target, plan, password);
          await engine.verifyLogin(target, plan, password);
        }),
      );
      const results = await Promise.all(plans.map((plan) => engine.revoke(target, plan)));
      expect(results.map((one) => one.status)).toEqual(plans.map(() => "absent"));
    });

    test("that comes late does not open again what a revocation has closed", async () => {
      const { engine, target } = server();
      const { plan, password, client } = await lend(server());
      await engine.denyLogin(target, plan);
      const later = Date.now() + 9_000_000;
      expect(await engine.provision(target, plan, password).catch(kindOf)).toBe("conflict");
      expect(await engine.setExpiry(target, plan, later).catch(kindOf)).toBe("conflict");
      expect(await engine.verifyLogin(target, plan, password).catch(kindOf)).toBe("authentication");
      expect(await engine.revoke(target, plan)).toMatchObject({ status: "absent" });
      expect(await refusal(server(), client.run("SELECT 1"))).toBe("ended");
    });

    test("refuses what is malformed, ended, or not there, before it makes anything", async () => {
      const { engine, target, plan: newPlan, words } = server();
      const schema = words.schemaOf("shop");
      for (const changes of [
        { scope: tableScope(server(), "shop", "missing") },
        { scope: { kind: "objects", objects: [{ schema: "missing" }] } as const },
        { scope: { kind: "objects", objects: [{ schema: "information_schema" }] } as const },
        { scope: { kind: "objects", objects: [{ schema, table: "" }] } as const },
        { scope: { kind: "objects", objects: [] } as const },
        { database: "missing" },
        { database: "" },
        { name: "dp_short" },
        { name: "dp_01ARZ3NDEKTSV4RRFFQ69G5FAV" },
        { name: "dp_01arz3ndektsv4rrffq69g5fa'" },
        { grantId: "grant id" },
        { grantId: "" },
        { connectionLimit: 0 },
        { expiresAtMs: Date.now() - 1_000 },
        { expiresAtMs: Number.NaN },
      ]) {
        const plan = newPlan(changes);
        const outcome = await engine.provision(target, plan, newPassword()).then(nothing, kindOf);
        expect(outcome, JSON.stringify(changes)).toBe("invalid");
      }
    });
  });

  describe("secrets", () => {
    test("the server's log of every statement holds no password of an account or of the administrator", async () => {
      const { engine, target, log } = server();
      const { plan, password, client } = await lend(server());
      await engine.provision(target, plan, password);
      await engine.setExpiry(target, plan, plan.expiresAtMs + 1_000);
      await engine.revoke(target, plan);
      expect(log()).toMatch(new RegExp(`CREATE (ROLE|USER).*${plan.name}`));
      expect(log()).not.toContain(password);
      expect(log()).not.toContain(target.administrator.password);
      await client.end().catch(nothing);
    });

    test("errors hold no password", async () => {
      const { engine, target } = server();
      const { plan, password, client } = await lend(server());
      const wrong = `${password}-wrong`;
      const rotated = {
        ...target,
        administrator: { ...target.administrator, password: "rotated-meanwhile" },
      };
      for (const failing of [
        () => engine.verifyLogin(target, plan, wrong),
        () => engine.listAccounts(rotated),
      ]) {
        const failure: unknown = await failing().catch((error: unknown) => error);
        expect(failure).toMatchObject({ name: "EngineError", kind: "authentication" });
        const shown = inspect(failure, { depth: 10, showHidden: true });
        for (const secret of [password, "rotated-meanwhile"]) expect(shown).not.toContain(secret);
      }
      await client.end();
    });
  });
}

function nothing(): undefined {
  return undefined;
}

function kindOf(error: unknown): unknown {
  return error instanceof Error && "kind" in error ? error.kind : error;
}
