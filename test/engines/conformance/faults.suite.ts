import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectGone, lend, newPassword, refusal, revoke } from "./lend.ts";
import type { Client, ServerUnderTest, Start } from "./server-under-test.ts";

export function faultsSuite(start: Start): void {
  describe("a server in trouble", () => {
    let server: ServerUnderTest;
    beforeAll(async () => {
      server = await start({ connectionSlots: 25 });
    }, 120_000);
    afterAll(() => server.remove());

    test("that is away is told as such, and work goes on after it came back", async () => {
      const { engine, target, plan } = server;
      const lent = await lend(server);
      await lent.client.end();
      await server.stop();
      for (const act of [
        () => engine.provision(target, plan(), newPassword()),
        () => engine.verifyLogin(target, lent.plan, lent.password),
        () => engine.setExpiry(target, lent.plan, Date.now()),
        () => engine.revoke(target, lent.plan),
        () => engine.denyLogin(target, lent.plan),
        () => engine.isAbsent(target, lent.plan.name),
        () => engine.listAccounts(target),
        () => engine.listDatabases(target),
        () => engine.preflight(target),
      ]) {
        await expect(act()).rejects.toMatchObject({ name: "EngineError", kind: "unreachable" });
      }
      await server.start();
      expect(await revoke(server, lent)).toMatchObject({ status: "absent" });
      await expectGone(server, lent);
    });

    test("goes away in the middle of a revocation, and is asked again later", async () => {
      const { engine, target } = server;
      const lent = await lend(server);
      const interrupted = engine.revoke(target, lent.plan, ({ step }) =>
        step === "login-denied" ? server.stop() : undefined,
      );
      await expect(interrupted).rejects.toMatchObject({ name: "EngineError", kind: "unreachable" });
      await server.start();
      expect(await refusal(server, lent.login())).toBe("login");
      expect(await revoke(server, lent)).toMatchObject({ status: "absent" });
      await expectGone(server, lent);
    });

    test("that knows another password, and a host that is not there, are told apart", async () => {
      const { engine, target } = server;
      const rotated = {
        ...target,
        administrator: { ...target.administrator, password: "rotated-meanwhile" },
      };
      const nowhere = { ...target, server: { ...target.server, host: "nowhere.invalid" } };
      for (const act of [
        (at: typeof target) => engine.listAccounts(at),
        (at: typeof target) => engine.revoke(at, server.plan()),
        (at: typeof target) => engine.isAbsent(at, server.plan().name),
      ]) {
        await expect(act(rotated)).rejects.toMatchObject({ kind: "authentication" });
        await expect(act(nowhere)).rejects.toMatchObject({ kind: "unreachable" });
      }
    });

    test("whose slots are all taken never has an account called absent that was not looked at", async () => {
      const { engine, target } = server;
      const lent = await lend(server);
      const taken = await fill(server);
      const attempt = await engine.revoke(target, { ...lent.plan, serverId: lent.serverId }).then(
        (result) => result.status,
        (error: unknown) => (error instanceof Error && "kind" in error ? error.kind : error),
      );
      // MariaDB keeps one more place for who may end sessions, and one is enough.
      expect(["unreachable", "absent"]).toContain(attempt);
      await Promise.all(taken.map((client) => client.end()));
      await untilFree(server);
      if (attempt === "absent") await expectGone(server, lent);
      expect(await revoke(server, lent)).toMatchObject({ status: "absent" });
      await expectGone(server, lent);
    });
  });
}

/** Logs in as the application until the server lets nobody in any more. */
async function fill(server: ServerUnderTest): Promise<Client[]> {
  const taken: Client[] = [];
  await server.byHand(...server.words.createStranger("application"));
  for (;;) {
    try {
      taken.push(
        await server.connect({ username: "application", password: "theirs-and-long-enough" }, "shop"),
      );
    } catch {
      // The one that was refused is what was waited for.
      expect(taken.length).toBeGreaterThan(5);
      return taken;
    }
  }
}

/** A server frees a slot some moments after its client has gone. */
async function untilFree(server: ServerUnderTest): Promise<void> {
  await expect
    .poll(() => server.engine.listAccounts(server.target).then(() => true), { timeout: 10_000 })
    .toBe(true);
}
