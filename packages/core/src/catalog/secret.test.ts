import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { describe, expect, test } from "vitest";
import { administratorTarget } from "./secret.ts";

const rds = "shop.cluster-abc123.eu-west-1.rds.amazonaws.com";
const managed = { username: "admin", password: "hunter2" };
const whole = { ...managed, engine: "postgres", host: "db.example.com", port: 5433 };

function target(
  stored: object,
  instance: { host?: string | null; port?: number | null } = {},
  engine = "postgres",
) {
  const secretsManager = {
    send: async () => ({ SecretString: JSON.stringify(stored) }),
  } as unknown as SecretsManagerClient;
  const ctx = { secretsManager, settings: { stack: "test" } };
  const of = { secretName: "rds!db-1", engine: engine as "postgres", tls: "verify", ...instance } as const;
  return administratorTarget(ctx, of);
}

describe("the address of a server", () => {
  test("is the secret's own, whatever the instance says", async () => {
    const found = await target(whole, { host: rds, port: 9 });
    expect(found.server).toEqual({ host: "db.example.com", port: 5433, tls: "verify" });
  });

  test("is the instance's where RDS manages the secret, with the usual port unless another is said", async () => {
    expect((await target(managed, { host: rds })).server).toEqual({ host: rds, port: 5432, tls: "verify" });
    expect((await target(managed, { host: rds, port: 5433 })).server.port).toBe(5433);
    expect((await target(managed, { host: rds }, "mysql")).server.port).toBe(3306);
  });

  test.each([{}, { host: null, port: 5432 }])(
    "without one anywhere says what to do: %j",
    async (instance) => {
      const failed = target(managed, instance);
      await expect(failed).rejects.toMatchObject({
        code: "secret.host",
        message: expect.stringMatching(/give the instance its host/) as string,
      });
      await expect(failed).rejects.not.toMatchObject({
        message: expect.stringContaining("hunter2") as string,
      });
    },
  );
});

test("a secret that names another engine is refused, one that names none is not", async () => {
  await expect(target({ ...whole, engine: "mysql" })).rejects.toMatchObject({ code: "secret.engine" });
  expect((await target(managed, { host: rds })).administrator).toEqual(managed);
});

describe("the port for administrators", () => {
  const mysql = { ...whole, engine: "mysql", port: 3306, administrationPort: 33_062 };

  test("is the secret's, at the server's address unless the secret says another; people are not sent there", async () => {
    const found = await target(mysql, {}, "mysql");
    expect(found.administration).toEqual({ host: "db.example.com", port: 33_062 });
    expect(found.server.port).toBe(3306);
    const apart = await target({ ...mysql, administrationHost: "admin.example.com" }, {}, "mysql");
    expect(apart.administration).toEqual({ host: "admin.example.com", port: 33_062 });
  });

  test("is none where the secret names none, and on PostgreSQL, which has none", async () => {
    expect(await target({ ...mysql, administrationPort: undefined }, {}, "mysql")).not.toHaveProperty(
      "administration",
    );
    expect(await target({ ...whole, administrationPort: 33_062 })).not.toHaveProperty("administration");
  });
});
