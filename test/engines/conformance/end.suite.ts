import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { lend, refusal } from "./lend.ts";
import type { ServerUnderTest } from "./server-under-test.ts";

export function endSuite(server: () => ServerUnderTest): void {
  describe("the end", () => {
    test("stops new logins by the server alone, and not before", async () => {
      const { words } = server();
      const expiresAtMs = Date.now() + 4_000;
      const { login, client } = await lend(server(), { expiresAtMs });
      let lastLetIn = 0;
      for (;;) {
        const at = Date.now();
        if (
          (await refusal(
            server(),
            login().then((one) => one.end()),
          )) !== undefined
        )
          break;
        lastLetIn = at;
        expect(at).toBeLessThan(expiresAtMs + words.closesWithinMs);
        await sleep(50);
      }
      expect(lastLetIn).toBeGreaterThan(expiresAtMs - 1_000);
      await client.end().catch(() => undefined);
    }, 60_000);

    test("that is moved later lets in beyond the old one; moved to the past it lets nobody in", async () => {
      const { engine, target, words } = server();
      const { plan, login, client } = await lend(server(), { expiresAtMs: Date.now() + 3_000 });
      await engine.setExpiry(target, plan, Date.now() + 60_000);
      await sleep(3_000 + words.closesWithinMs);
      await (await login()).end();
      await engine.setExpiry(target, plan, Date.now() - 1);
      await sleep(words.closesWithinMs);
      expect(await refusal(server(), login())).toBe("login");
      await client.end().catch(() => undefined);
      expect(await engine.revoke(target, plan)).toMatchObject({ status: "absent" });
    }, 60_000);

    test("of an account that is absent cannot be moved", async () => {
      const { engine, target, plan } = server();
      await expect(engine.setExpiry(target, plan(), Date.now() + 60_000)).rejects.toMatchObject({
        kind: "conflict",
      });
    });
  });
}
