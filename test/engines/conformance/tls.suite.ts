import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Server } from "@daypass/databases/engine.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { selfSigned } from "../self-signed.ts";
import { newPassword, refusal } from "./lend.ts";
import type { ServerUnderTest, Start } from "./server-under-test.ts";

export function tlsSuite(start: Start): void {
  describe("encryption", () => {
    let server: ServerUnderTest;
    let ca: string;
    const folder = mkdtempSync(join(tmpdir(), "daypass-tls-"));
    beforeAll(async () => {
      const { key, certificate } = selfSigned("localhost");
      writeFileSync(join(folder, "key.pem"), key, { mode: 0o600 });
      writeFileSync(join(folder, "cert.pem"), certificate);
      ca = certificate;
      server = await start();
    }, 120_000);
    afterAll(async () => {
      await server.remove();
      rmSync(folder, { recursive: true });
    });

    const list = (change: Partial<Server>) =>
      server.engine.listAccounts({ ...server.target, server: { ...server.target.server, ...change } });

    test("is asked for in vain of a server without it, and then nothing is sent in clear", async () => {
      for (const tls of ["verify", "require"] as const) {
        await expect(list({ host: "localhost", tls })).rejects.toMatchObject({ kind: "authentication" });
      }
      await server.encrypt(join(folder, "cert.pem"), join(folder, "key.pem"));
    });

    test("that is verified needs the right CA and the right name, and carries everything", async () => {
      const { engine } = server;
      await list({ host: "localhost", tls: "verify", ca });
      for (const wrong of [{ host: "localhost" }, { host: "127.0.0.1", ca }]) {
        await expect(list({ ...wrong, tls: "verify" })).rejects.toMatchObject({ kind: "authentication" });
      }
      const otherName = { host: "localhost.localdomain", tls: "verify", ca } as const;
      await expect(list(otherName)).rejects.toMatchObject({ name: "EngineError" });
      const target = {
        ...server.target,
        server: { ...server.target.server, host: "localhost", tls: "verify" as const, ca },
      };
      const encrypted = (await engine.preflight(target)).checks.find((check) => check.id === "encrypted");
      expect(encrypted?.status).toBe("ok");
      const plan = server.plan();
      const password = newPassword();
      await engine.provision(target, plan, password);
      await engine.verifyLogin(target, plan, password);
      const inClear = server.connect({ username: plan.name, password }, plan.database);
      expect(await refusal(server, inClear)).toBe(server.words.keepsAccountsEncrypted ? "login" : undefined);
      expect(await engine.revoke(target, plan)).toMatchObject({ status: "absent" });
    });

    test("without verification works with any certificate", async () => {
      await list({ tls: "require" });
    });
  });
}
