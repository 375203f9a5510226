import { randomUUID } from "node:crypto";
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AwsUnderTest, awsUnderTest } from "../aws/aws-under-test.ts";

let aws: AwsUnderTest;
let client: SecretsManagerClient;
beforeAll(async () => {
  aws = await awsUnderTest("SECRETS_MANAGER");
  client = new SecretsManagerClient(aws.client("SECRETS_MANAGER"));
});
afterAll(async () => {
  await removeAll();
  await aws.close();
});

const prefix = `daypass-contract/${randomUUID()}/`;
const freshName = (): string => `${prefix}${randomUUID()}`;

/** Whatever the tests created; what waits for its deletion goes by itself. */
async function removeAll(): Promise<void> {
  const Filters = [{ Key: "name" as const, Values: [prefix] }];
  for (let NextToken: string | undefined, more = true; more; more = NextToken !== undefined) {
    const input = { Filters, ...(NextToken ? { NextToken } : {}) };
    const page = await client.send(new ListSecretsCommand(input));
    NextToken = page.NextToken;
    for (const { Name: SecretId = "" } of page.SecretList ?? []) {
      await client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
    }
  }
}

async function make(value = "one", Name = freshName()) {
  const made = await client.send(new CreateSecretCommand({ Name, SecretString: value }));
  return { Name, ARN: made.ARN ?? "", VersionId: made.VersionId ?? "" };
}

const read = (SecretId: string, more: { VersionId?: string; VersionStage?: string } = {}) =>
  client.send(new GetSecretValueCommand({ SecretId, ...more }));

describe("making a secret", () => {
  test("it is read by name, by ARN and by the ARN without its suffix", async () => {
    const { Name, ARN, VersionId } = await make("the value");
    expect(ARN).toMatch(
      new RegExp(`^arn:aws:secretsmanager:[a-z0-9-]+:\\d{12}:secret:${Name}-[A-Za-z0-9]{6}$`),
    );
    for (const id of [Name, ARN, ARN.slice(0, -7)]) {
      expect(await read(id)).toMatchObject({
        Name,
        ARN,
        VersionId,
        SecretString: "the value",
        VersionStages: ["AWSCURRENT"],
      });
    }
    const { CreatedDate } = await read(Name);
    expect(Math.abs(Date.now() - (CreatedDate?.getTime() ?? 0))).toBeLessThan(60_000);
  });

  test("binary values come back as they were", async () => {
    const Name = freshName();
    const SecretBinary = new Uint8Array([0, 255, 1, 2]);
    await client.send(new CreateSecretCommand({ Name, SecretBinary }));
    const got = await read(Name);
    expect([...(got.SecretBinary ?? [])]).toEqual([0, 255, 1, 2]);
    expect(got.SecretString).toBeUndefined();
  });

  test("a repeated request with the same token and value is a success with the same version", async () => {
    const input = { Name: freshName(), SecretString: "same", ClientRequestToken: randomUUID() };
    const first = await client.send(new CreateSecretCommand(input));
    const again = await client.send(new CreateSecretCommand(input));
    expect(again).toMatchObject({ ARN: first.ARN, VersionId: input.ClientRequestToken });
    await expect(
      client.send(new CreateSecretCommand({ ...input, SecretString: "other" })),
    ).rejects.toMatchObject({
      name: "ResourceExistsException",
      $metadata: { httpStatusCode: 400 },
    });
  });

  test("the same name with another token is refused", async () => {
    const { Name } = await make();
    await expect(client.send(new CreateSecretCommand({ Name, SecretString: "one" }))).rejects.toMatchObject({
      name: "ResourceExistsException",
    });
  });

  test("a secret may be made without a value, which then is not found", async () => {
    const Name = freshName();
    const made = await client.send(new CreateSecretCommand({ Name }));
    expect(made.VersionId).toBeUndefined();
    await expect(read(Name)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  test("64 KiB are kept and one byte more is refused, and the refusal does not hold the value", async () => {
    const { Name } = await make("x".repeat(65_536));
    expect((await read(Name)).SecretString).toHaveLength(65_536);
    const refusal = await client
      .send(new CreateSecretCommand({ Name: freshName(), SecretString: "y".repeat(65_537) }))
      .then(() => undefined)
      .catch((error: Error) => error);
    expect(refusal?.name).toBe("ValidationException");
    expect(refusal?.message).not.toContain("yyyy");
    await expect(
      client.send(new CreateSecretCommand({ Name: freshName(), SecretString: "ü".repeat(32_769) })),
    ).rejects.toMatchObject({ name: "ValidationException" });
  });

  test("two values at once, and names that are none, are refused", async () => {
    const both = { Name: freshName(), SecretString: "a", SecretBinary: new Uint8Array([1]) };
    await expect(client.send(new CreateSecretCommand(both))).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
    for (const Name of ["", "with space", "x".repeat(513)]) {
      await expect(client.send(new CreateSecretCommand({ Name, SecretString: "a" }))).rejects.toMatchObject({
        name: "ValidationException",
      });
    }
  });
});

describe("versions", () => {
  test("a new value becomes current and the one before stays readable as previous", async () => {
    const { Name, VersionId: first } = await make("one");
    const put = await client.send(new PutSecretValueCommand({ SecretId: Name, SecretString: "two" }));
    expect(put.VersionStages).toEqual(["AWSCURRENT"]);
    expect((await read(Name)).SecretString).toBe("two");
    expect((await read(Name, { VersionStage: "AWSPREVIOUS" })).SecretString).toBe("one");
    expect((await read(Name, { VersionId: first })).SecretString).toBe("one");
    const { SecretList } = await client.send(
      new ListSecretsCommand({ Filters: [{ Key: "name", Values: [Name] }] }),
    );
    expect(SecretList?.[0]?.SecretVersionsToStages).toEqual({
      [first]: ["AWSPREVIOUS"],
      [put.VersionId ?? ""]: ["AWSCURRENT"],
    });
    await expect(read(Name, { VersionId: first, VersionStage: "AWSCURRENT" })).rejects.toMatchObject({
      name: "InvalidRequestException",
    });
  });

  test("a stage of one's own is only moved, never copied", async () => {
    const { Name } = await make("one");
    const put = (SecretString: string) =>
      client.send(new PutSecretValueCommand({ SecretId: Name, SecretString, VersionStages: ["AWSPENDING"] }));
    await put("two");
    await put("three");
    expect((await read(Name)).SecretString).toBe("one");
    expect((await read(Name, { VersionStage: "AWSPENDING" })).SecretString).toBe("three");
  });

  test("putting the same value with the same token again changes nothing", async () => {
    const { Name } = await make("one");
    const input = { SecretId: Name, SecretString: "two", ClientRequestToken: randomUUID() };
    await client.send(new PutSecretValueCommand(input));
    await client.send(new PutSecretValueCommand({ SecretId: Name, SecretString: "three" }));
    await client.send(new PutSecretValueCommand(input));
    expect((await read(Name)).SecretString).toBe("three");
    await expect(
      client.send(new PutSecretValueCommand({ ...input, SecretString: "four" })),
    ).rejects.toMatchObject({ name: "ResourceExistsException" });
  });
});

describe("deleting", () => {
  const remove = (
    SecretId: string,
    more: { RecoveryWindowInDays?: number; ForceDeleteWithoutRecovery?: boolean },
  ) => client.send(new DeleteSecretCommand({ SecretId, ...more }));

  test("within its window a secret can be neither read nor created again", async () => {
    const { Name } = await make("kept");
    const { DeletionDate } = await remove(Name, { RecoveryWindowInDays: 7 });
    expect(Math.round(((DeletionDate?.getTime() ?? 0) - Date.now()) / 86_400_000)).toBe(7);
    await expect(read(Name)).rejects.toMatchObject({ name: "InvalidRequestException" });
    await expect(remove(Name, {})).rejects.toMatchObject({ name: "InvalidRequestException" });
    await expect(client.send(new CreateSecretCommand({ Name, SecretString: "again" }))).rejects.toMatchObject(
      {
        name: "InvalidRequestException",
      },
    );
    const list = (IncludePlannedDeletion: boolean) =>
      client.send(
        new ListSecretsCommand({ Filters: [{ Key: "name", Values: [Name] }], IncludePlannedDeletion }),
      );
    expect((await list(true)).SecretList?.[0]?.DeletedDate).toBeInstanceOf(Date);
    expect((await list(false)).SecretList).toEqual([]);
  });

  test("windows outside 7 to 30 days, and a window with force, are refused", async () => {
    const { Name } = await make();
    for (const input of [
      { RecoveryWindowInDays: 6 },
      { RecoveryWindowInDays: 31 },
      { RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true },
    ]) {
      await expect(remove(Name, input)).rejects.toMatchObject({ name: "InvalidParameterException" });
    }
  });

  test("a forced deletion ends reading at once and frees the name a little later", async () => {
    const { Name, ARN } = await make("gone");
    await remove(Name, { ForceDeleteWithoutRecovery: true });
    await expect(read(Name)).rejects.toMatchObject({
      name: expect.stringMatching(/^(InvalidRequestException|ResourceNotFoundException)$/),
    });
    await remove(Name, { ForceDeleteWithoutRecovery: true });
    const makeAgain = () =>
      client.send(new CreateSecretCommand({ Name, SecretString: "new" })).catch((error: Error) => error.name);
    await expect.poll(makeAgain, { timeout: 15_000, interval: 100 }).toMatchObject({ Name });
    await expect(read(ARN)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  test("a forced deletion of what is not there is a success", async () => {
    const Name = freshName();
    expect(await remove(Name, { ForceDeleteWithoutRecovery: true })).toMatchObject({ Name });
    await expect(remove(Name, {})).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});

describe("finding", () => {
  test("secrets are listed by name prefix, in pages, without their values", async () => {
    const mark = randomUUID();
    const made = [];
    for (let i = 0; i < 5; i += 1) made.push(await make(`value-${mark}`, `${prefix}${mark}/${i}`));
    const Filters = [{ Key: "name" as const, Values: [`${prefix}${mark}/`] }];
    const seen: (string | undefined)[] = [];
    let NextToken: string | undefined;
    let pages = 0;
    do {
      const page = await client.send(
        new ListSecretsCommand({
          Filters,
          MaxResults: 2,
          SortOrder: "asc",
          ...(NextToken ? { NextToken } : {}),
        }),
      );
      expect(JSON.stringify(page)).not.toContain(`value-${mark}`);
      seen.push(...(page.SecretList ?? []).map((one) => one.Name));
      NextToken = page.NextToken;
      pages += 1;
    } while (NextToken !== undefined);
    expect(pages).toBe(3);
    expect(new Set(seen)).toEqual(new Set(made.map((one) => one.Name)));
    expect(seen).toHaveLength(5);

    const byName = await client.send(
      new ListSecretsCommand({ Filters: [{ Key: "name", Values: [made[0]?.Name ?? ""] }] }),
    );
    expect(byName.SecretList).toHaveLength(1);
    await expect(client.send(new ListSecretsCommand({ NextToken: "nonsense" }))).rejects.toMatchObject({
      name: "InvalidNextTokenException",
    });
  });

  test("what is not there is not found", async () => {
    const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:no-such-secret-AbCdEf";
    for (const SecretId of [freshName(), arn]) {
      await expect(read(SecretId)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    }
  });
});
