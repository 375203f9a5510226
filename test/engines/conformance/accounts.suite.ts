import { describe, expect, test } from "vitest";
import { lend, newPassword, revoke } from "./lend.ts";
import type { ServerUnderTest } from "./server-under-test.ts";

export function accountsSuite(server: () => ServerUnderTest): void {
  describe("listing", () => {
    test("finds accounts of this stack with their sessions and their end, and no others", async () => {
      const { engine, target, otherTarget, plan } = server();
      const lent = await lend(server());
      const others = plan();
      await engine.provision(otherTarget, others, newPassword());
      const found = await engine.listAccounts(target);
      expect(found.find(({ name }) => name === lent.plan.name)).toMatchObject({
        grantId: lent.plan.grantId,
        serverId: lent.serverId,
        validUntilMs: lent.plan.expiresAtMs,
        canLogin: true,
        sessions: 1,
        extraRights: [],
      });
      expect(found.map(({ name }) => name)).not.toContain(others.name);
      expect((await engine.listAccounts(otherTarget)).map(({ name }) => name)).toEqual([others.name]);
      expect(await engine.revoke(otherTarget, others)).toMatchObject({ status: "absent" });
      await revoke(server(), lent);
    });

    test("goes through while accounts that it has found are dropped", async () => {
      const { engine, target, plan } = server();
      const plans = Array.from({ length: 12 }, () => plan());
      for (const one of plans) await engine.provision(target, one, newPassword());
      const revoking = plans.map((one) => engine.revoke(target, one));
      for (let round = 0; round < 8; round += 1) await engine.listAccounts(target);
      for (const one of await Promise.all(revoking)) expect(one.status).toBe("absent");
      const left = (await engine.listAccounts(target)).map(({ name }) => name);
      for (const { name } of plans) expect(left).not.toContain(name);
    });

    test("tells what an account has beyond its grant", async () => {
      const { engine, target, words, byHand } = server();
      const lent = await lend(server());
      await byHand(...words.widenByHand(lent.plan.name));
      const found = (await engine.listAccounts(target)).find(({ name }) => name === lent.plan.name);
      expect(found?.extraRights.length).toBeGreaterThan(0);
      await revoke(server(), lent);
    });

    test("reports an account that was renamed by hand, and it is not absent until its name is back", async () => {
      const { engine, target, words, byHand } = server();
      const { plan, client } = await lend(server());
      await client.end();
      await byHand(...words.renameByHand(plan.name, "somebody"));
      expect(await engine.listAccounts(target)).toContainEqual(
        expect.objectContaining({ name: "somebody", grantId: plan.grantId, renamedFrom: plan.name }),
      );
      expect(await engine.isAbsent(target, plan.name)).toBe(false);
      const refused: unknown = await engine.revoke(target, plan).catch((error: unknown) => error);
      expect(refused).toMatchObject({ name: "EngineError", kind: "conflict" });
      const remedy = refused instanceof Error && "remedy" in refused ? refused.remedy : [];
      expect(remedy).toHaveLength(1);
      await byHand(...(Array.isArray(remedy) ? remedy.map(String) : []));
      expect(await engine.revoke(target, plan)).toMatchObject({ status: "absent" });
    });
  });

  describe("accounts of others", () => {
    test("are never touched: a name like ours without a mark, another grant's, another stack's", async () => {
      const { engine, target, otherTarget, words, plan, byHand, connect } = server();
      const foreign = plan();
      await byHand(...words.createStranger(foreign.name));
      const lent = await lend(server());
      const elsewhere = plan();
      await engine.provision(otherTarget, elsewhere, newPassword());
      for (const account of [
        { name: foreign.name, grantId: "g" },
        { name: lent.plan.name, grantId: "grant_of_somebody_else" },
        { name: elsewhere.name, grantId: elsewhere.grantId },
      ]) {
        const attempts = [
          () => engine.revoke(target, account),
          () => engine.denyLogin(target, account),
          () => engine.setExpiry(target, account, Date.now()),
          () => engine.provision(target, plan(account), newPassword()),
        ];
        for (const attempt of attempts) {
          await expect(attempt()).rejects.toMatchObject({ name: "EngineError", kind: "conflict" });
        }
      }
      await lent.client.run("SELECT 1");
      const found = (await engine.listAccounts(target)).map(({ name }) => name);
      for (const { name } of [foreign, elsewhere]) expect(found).not.toContain(name);
      await (await connect({ username: foreign.name, password: "theirs-and-long-enough" }, "shop")).end();
      await byHand(...words.dropByHand(foreign.name));
      await engine.revoke(otherTarget, elsewhere);
      await revoke(server(), lent);
    });

    test("whose name is nearly that of an account are left alone when it is revoked", async () => {
      const { words, byHand, connect } = server();
      const lent = await lend(server());
      const similar = words.similarTo(lent.plan.name);
      for (const name of similar) await byHand(...words.createStranger(name));
      const sessions = await Promise.all(
        similar.map((name) => connect({ username: name, password: "theirs-and-long-enough" }, "shop")),
      );
      expect(await revoke(server(), lent)).toMatchObject({ status: "absent", sessionsEnded: 1 });
      for (const session of sessions) {
        await session.run("SELECT 1");
        await session.end();
      }
      for (const name of similar) await byHand(...words.dropByHand(name));
    });

    test("cannot be named: whatever is no account name of ours is refused before the server is asked", async () => {
      const { engine, target, plan } = server();
      const { name } = plan();
      for (const odd of [
        "root",
        "postgres",
        "dp_",
        `${name}x`,
        "dp_%",
        `${name.slice(0, -1)}_`,
        `${name.slice(0, -1)}\\`,
        `${name.slice(0, -1)}é`,
        name.toUpperCase(),
        `${name}\0`,
        `${name}\n`,
        `dp_"; DROP ROLE app_owner; --`,
        "dp_'; DROP USER root; --",
      ]) {
        const account = { name: odd, grantId: "g" };
        for (const attempt of [
          () => engine.revoke(target, account),
          () => engine.denyLogin(target, account),
          () => engine.setExpiry(target, account, Date.now()),
        ]) {
          await expect(attempt(), JSON.stringify(odd)).rejects.toMatchObject({
            name: "EngineError",
            kind: "invalid",
          });
        }
      }
    });
  });
}
