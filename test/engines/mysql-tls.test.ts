import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Server } from "@daypass/databases/engine.ts";
import { mysql } from "@daypass/databases/mysql/engine.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildMysqlWorld, type MysqlWorld } from "./mysql-world.ts";
import { selfSigned } from "./self-signed.ts";

let world: MysqlWorld;
let ca: string;
const folder = mkdtempSync(join(tmpdir(), "daypass-tls-"));
beforeAll(async () => {
  const { key, certificate } = selfSigned("localhost");
  writeFileSync(join(folder, "key.pem"), key, { mode: 0o600 });
  writeFileSync(join(folder, "cert.pem"), certificate);
  ca = certificate;
  world = await buildMysqlWorld();
}, 60_000);
afterAll(async () => {
  await world.remove();
  rmSync(folder, { recursive: true });
});

const list = (server: Partial<Server>) =>
  mysql.listAccounts({ ...world.target, server: { ...world.target.server, ...server } });

test("a server without encryption is refused", async () => {
  for (const tls of ["verify", "require"] as const) {
    await expect(list({ host: "localhost", tls })).rejects.toMatchObject({ kind: "authentication" });
  }
});

test("a verified connection needs the right CA and the right name, and the account has to be encrypted too", async () => {
  await world.server.encrypt(join(folder, "cert.pem"), join(folder, "key.pem"));
  await list({ host: "localhost", tls: "verify", ca });
  await expect(list({ host: "localhost", tls: "verify" })).rejects.toMatchObject({ kind: "authentication" });
  const otherName = { host: "localhost.localdomain", tls: "verify", ca } as const;
  await expect(list(otherName)).rejects.toMatchObject({ name: "EngineError" });
  // The driver cannot compare an address with a certificate: it is refused before a word is sent.
  await expect(list({ host: "127.0.0.1", tls: "verify", ca })).rejects.toMatchObject({
    kind: "authentication",
  });
  await list({ tls: "require" });

  const target = {
    ...world.target,
    server: { ...world.target.server, host: "localhost", tls: "verify" as const, ca },
  };
  const encrypted = (await mysql.preflight(target)).checks.find((check) => check.id === "encrypted");
  expect(encrypted?.status).toBe("ok");
  const plan = world.plan();
  const password = randomBytes(24).toString("base64url");
  await mysql.provision(target, plan, password);
  await mysql.verifyLogin(target, plan, password);
  await expect(world.connect({ username: plan.name, password })).rejects.toMatchObject({ errno: 1045 });
  expect(await mysql.revoke(target, plan)).toMatchObject({ status: "absent" });
});
