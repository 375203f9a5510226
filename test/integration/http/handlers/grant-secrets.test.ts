import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { listInstances } from "@daypass/core/catalog/instance.store.ts";
import { readCredential } from "@daypass/functions/control-plane/read-credential.ts";
import { grantSecretsIn } from "@daypass/functions/data-plane/grant-secrets.ts";
import { beforeAll, describe, expect, test } from "vitest";
import { ctxOfSetup, type Deployed, deploy, secretsManager } from "./deployed.ts";

let deployed: Deployed;
beforeAll(async () => {
  deployed = await deploy();
});

describe("secrets of grants", () => {
  const credential = {
    engine: "postgres",
    host: "db.example.com",
    port: 5432,
    dbname: "shop",
    username: "dp_1",
    password: "first",
  };

  test("a repeated attempt is given the password of the first", async () => {
    const secrets = grantSecretsIn(secretsManager());
    expect(await secrets.create("daypass/test/grants/a", credential, "grant-a")).toBe("first");
    expect(
      await secrets.create("daypass/test/grants/a", { ...credential, password: "second" }, "grant-a"),
    ).toBe("first");
  });

  test("the holder's lines come from it, and deleting it leaves nothing, however often", async () => {
    const ctx = ctxOfSetup();
    const secrets = grantSecretsIn(secretsManager());
    const [instance] = await listInstances(ctx);
    if (!instance) throw new Error("no instance");
    const grant = {
      secretName: "daypass/test/grants/b",
      database: {
        id: deployed.databaseId,
        name: "shop",
        engine: "postgres" as const,
        instance: { id: instance.id, name: instance.name },
        environment: { id: instance.environmentId, name: "production", protected: true },
      },
    };
    await secrets.create(grant.secretName, credential, "grant-b");
    expect(await readCredential(ctx, secretsManager(), grant)).toMatchObject({
      host: "db.example.com",
      password: "first",
      uri: "postgresql://dp_1:first@db.example.com:5432/shop?sslmode=disable",
    });
    await secrets.delete(grant.secretName);
    await secrets.delete(grant.secretName);
    await expect(readCredential(ctx, secretsManager(), grant)).rejects.toMatchObject({
      code: "credential.gone",
    });
    const read = secretsManager().send(new GetSecretValueCommand({ SecretId: grant.secretName }));
    await expect(read).rejects.toThrow();
  });
});
