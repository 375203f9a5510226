import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Server } from "@daypass/databases/engine.ts";
import { postgres } from "@daypass/databases/postgres/engine.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildWorld, newPassword, type World } from "./postgres-world.ts";
import { selfSigned } from "./self-signed.ts";

let world: World;
let ca: string;
const folder = mkdtempSync(join(tmpdir(), "daypass-tls-"));
beforeAll(async () => {
  const { key, certificate } = selfSigned("localhost");
  writeFileSync(join(folder, "key.pem"), key, { mode: 0o600 });
  writeFileSync(join(folder, "cert.pem"), certificate);
  ca = certificate;
  world = await buildWorld();
  await world.server.encrypt(join(folder, "cert.pem"), join(folder, "key.pem"));
});
afterAll(async () => {
  await world.remove();
  rmSync(folder, { recursive: true });
});

const list = (server: Partial<Server>) =>
  postgres.listAccounts({ ...world.target, server: { ...world.target.server, ...server } });

test("a verified connection needs the right CA and the right name, and is encrypted", async () => {
  await list({ host: "localhost", tls: "verify", ca });
  await expect(list({ host: "localhost", tls: "verify" })).rejects.toMatchObject({ kind: "authentication" });
  await expect(list({ host: "127.0.0.1", tls: "verify", ca })).rejects.toMatchObject({
    kind: "authentication",
  });
  const target = {
    ...world.target,
    server: { ...world.target.server, host: "localhost", tls: "verify" as const, ca },
  };
  const encrypted = (await postgres.preflight(target)).checks.find((check) => check.id === "encrypted");
  expect(encrypted?.status).toBe("ok");
  const plan = world.plan();
  const password = newPassword();
  await postgres.provision(target, plan, password);
  await postgres.verifyLogin(target, plan, password);
  expect(await postgres.revoke(target, plan)).toMatchObject({ status: "absent" });
});

test("an encrypted connection without verification works with any certificate", async () => {
  await list({ tls: "require" });
});

test("a server without encryption is refused by both", async () => {
  const plain = await buildWorld();
  const at = { ...plain.target.server };
  for (const tls of ["verify", "require"] as const) {
    await expect(postgres.listAccounts({ ...plain.target, server: { ...at, tls } })).rejects.toMatchObject({
      kind: "authentication",
    });
  }
  await plain.remove();
});
