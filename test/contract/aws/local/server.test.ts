import { request } from "node:http";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { type Aws, startAws } from "@daypass/local/aws/start-aws.ts";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { clientOf } from "../aws-under-test.ts";

let aws: Aws;
const seen: string[] = [];
beforeAll(async () => {
  const dynamodb = {
    handle: async (one: Request) => {
      seen.push(`${one.headers.get("x-amz-target")} ${await one.text()}`);
      return Response.json({ from: "dynamodb" });
    },
  };
  aws = await startAws({ handlers: { dynamodb } });
});
afterAll(() => aws.close());

/** A bare request, with any header one likes. */
function send(
  path: string,
  headers: Record<string, string> = {},
  more: { method?: string; body?: string | Buffer } = {},
): Promise<{ status: number; headers: Record<string, string | string[] | undefined>; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      new URL(path, aws.url),
      { method: more.method ?? "POST", headers, agent: false },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("end", () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      },
    );
    outgoing.on("error", reject);
    outgoing.end(more.body);
  });
}

const key = () => aws.environment.AWS_ACCESS_KEY_ID ?? "";
const authorization = () =>
  `AWS4-HMAC-SHA256 Credential=${key()}/20260101/us-east-1/sts/aws4_request, Signature=0`;
const list = { "x-amz-target": "secretsmanager.ListSecrets", "content-type": "application/x-amz-json-1.1" };

describe("who may talk to it", () => {
  test("a program that holds the key", async () => {
    const answer = await send("/", { ...list, authorization: authorization() }, { body: "{}" });
    expect(answer).toMatchObject({ status: 200, body: '{"SecretList":[]}' });
  });

  test("not without a key, and not with another", async () => {
    expect(await send("/", list, { body: "{}" })).toMatchObject({ status: 403 });
    const bearer = await send("/", { ...list, authorization: `Bearer ${key()}` }, { body: "{}" });
    expect(bearer.status).toBe(403);
    const other = await send("/", { ...list, authorization: authorization().replace(key(), "AKIAOTHER") });
    expect(other.status).toBe(403);
    expect(other.headers["x-amzn-errortype"]).toBe("UnrecognizedClientException");
    expect(JSON.parse(other.body)).toMatchObject({ __type: "UnrecognizedClientException" });
  });

  test("no page in a browser, whatever name it found the address by", async () => {
    for (const headers of [{ origin: "https://example.com" }, { origin: "null" }, { origin: aws.url }]) {
      const answer = await send("/", { ...list, ...headers, authorization: authorization() });
      expect(answer.status).toBe(403);
    }
    for (const host of ["rebound.example.com", "127.0.0.1.example.com", "localhost.example.com:80"]) {
      for (const path of ["/", "/mailbox", "/_faults/lambda"]) {
        expect(
          (await send(path, { ...list, host, authorization: authorization() }, { method: "GET" })).status,
        ).toBe(403);
      }
    }
  });

  test("the mailbox is open to reading and to nothing else", async () => {
    expect((await send("/mailbox", {}, { method: "GET" })).status).toBe(200);
    for (const method of ["POST", "PUT", "DELETE"])
      expect((await send("/mailbox", {}, { method })).status).toBe(403);
    expect((await send("/mailbox", { origin: "https://example.com" }, { method: "GET" })).status).toBe(403);
  });

  test("it listens on loopback alone", () => {
    expect(aws.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});

describe("what it answers", () => {
  test("a body beyond the limit is refused, declared or not", async () => {
    const headers = { ...list, authorization: authorization() };
    const declared = await send(
      "/",
      { ...headers, "content-length": String(18 * 1_048_576) },
      { body: "{}" },
    ).catch(() => ({ status: 413 }));
    expect(declared.status).toBe(413);
    const chunked = await send(
      "/",
      { ...headers, "transfer-encoding": "chunked" },
      { body: Buffer.alloc(18 * 1_048_576) },
    ).catch(() => ({ status: 413 }));
    expect(chunked.status).toBe(413);
  });

  test("bodies that are no JSON object, unknown operations and unknown members are refused by name", async () => {
    const headers = { ...list, authorization: authorization() };
    for (const body of ["{", "[]", "null", "3"]) {
      const answer = await send("/", headers, { body });
      expect(answer.status).toBe(400);
      expect(answer.headers["x-amzn-errortype"]).toBe("SerializationException");
    }
    const unknown = await send(
      "/",
      { ...headers, "x-amz-target": "secretsmanager.RotateSecret" },
      { body: "{}" },
    );
    expect(unknown.headers["x-amzn-errortype"]).toBe("UnknownOperationException");
    const inherited = await send(
      "/",
      { ...headers, "x-amz-target": "secretsmanager.toString" },
      { body: "{}" },
    );
    expect(inherited.headers["x-amzn-errortype"]).toBe("UnknownOperationException");
    const member = await send("/", headers, { body: '{"Rotation":true}' });
    expect(member.headers["x-amzn-errortype"]).toBe("ValidationException");
    expect(member.body).toContain("Rotation");
    expect((await send("/nothing/here", { authorization: authorization() })).status).toBe(404);
  });

  test("DynamoDB's requests go to the handler that was given, as they came", async () => {
    const headers = { "x-amz-target": "DynamoDB_20120810.GetItem", authorization: authorization() };
    expect(await send("/", headers, { body: '{"a":1}' })).toMatchObject({
      status: 200,
      body: '{"from":"dynamodb"}',
    });
    expect(seen).toEqual(['DynamoDB_20120810.GetItem {"a":1}']);
    const streams = { ...headers, "x-amz-target": "DynamoDBStreams_20120810.ListStreams" };
    expect((await send("/", streams, { body: "{}" })).status).toBe(200);
    // Unlike the others, DynamoDB says 400 to a request that nobody signed.
    expect((await send("/", { "x-amz-target": "DynamoDB_20120810.GetItem" })).status).toBe(400);
  });

  test("the environment it gives closes every service that is not listed", () => {
    expect(aws.environment.AWS_ENDPOINT_URL).toBe("http://127.0.0.1:9");
    for (const name of [
      "DYNAMODB",
      "DYNAMODB_STREAMS",
      "SECRETS_MANAGER",
      "SFN",
      "LAMBDA",
      "SCHEDULER",
      "SESV2",
      "STS",
      "S3",
    ]) {
      expect(aws.environment[`AWS_ENDPOINT_URL_${name}`]).toBe(aws.url);
    }
  });

  test("clients without any configuration find it by that environment, and nothing else", async () => {
    const before = { ...process.env };
    try {
      Object.assign(process.env, aws.environment);
      expect(await new STSClient({}).send(new GetCallerIdentityCommand({}))).toMatchObject({
        Account: "123456789012",
      });
      delete process.env.AWS_ENDPOINT_URL_STS;
      const lost = new STSClient({ maxAttempts: 1 }).send(new GetCallerIdentityCommand({}));
      await expect(lost).rejects.toMatchObject({ code: "ECONNREFUSED" });
    } finally {
      process.env = before;
    }
  });

  test("a client asks who it is", async () => {
    const client = new STSClient(clientOf(aws, "STS"));
    expect(await client.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: "123456789012",
      Arn: expect.stringMatching(/^arn:aws:iam::123456789012:/),
    });
    const unknown = await send(
      "/",
      { authorization: authorization(), "content-type": "application/x-www-form-urlencoded" },
      { body: "Action=AssumeRole" },
    );
    expect(unknown.body).toContain("<Code>InvalidAction</Code>");
  });
});

describe("switches", () => {
  const client = (maxAttempts: number) =>
    new SecretsManagerClient({ ...clientOf(aws, "SECRETS_MANAGER"), maxAttempts });
  const read = (maxAttempts = 1) => client(maxAttempts).send(new GetSecretValueCommand({ SecretId: "none" }));
  afterEach(() => aws.faults.clear());

  test("a failure meets so many calls of the operation and then no more", async () => {
    aws.faults.set("secretsmanager", [
      { fault: "fail", operations: ["GetSecretValue"], times: 2, error: "InternalServiceError", status: 500 },
    ]);
    await expect(read()).rejects.toMatchObject({
      name: "InternalServiceError",
      $metadata: { httpStatusCode: 500 },
    });
    await expect(read()).rejects.toMatchObject({ name: "InternalServiceError" });
    await expect(read()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    expect(aws.faults.rules("secretsmanager")).toMatchObject([{ struck: 2 }]);
  });

  test("the client's own retries go through a throttled moment", async () => {
    aws.faults.set("secretsmanager", [{ fault: "throttling", times: 1 }]);
    await expect(read()).rejects.toMatchObject({ name: "ThrottlingException" });
    aws.faults.set("secretsmanager", [{ fault: "throttling", times: 1 }]);
    await expect(read(3)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  test("another operation is not met, and a slow one is only late", async () => {
    aws.faults.set("secretsmanager", [
      { fault: "fail", operations: ["CreateSecret"], error: "InternalServiceError" },
      { fault: "slow", delayMs: 200 },
    ]);
    const begun = performance.now();
    await expect(read()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    expect(performance.now() - begun).toBeGreaterThan(190);
  });

  test("a lost answer has done its work", async () => {
    aws.faults.set("secretsmanager", [{ fault: "lost-answer", operations: ["CreateSecret"], times: 1 }]);
    const body = JSON.stringify({ Name: "lost", SecretString: "x", ClientRequestToken: "t".repeat(32) });
    const headers = {
      ...list,
      "x-amz-target": "secretsmanager.CreateSecret",
      authorization: authorization(),
    };
    expect((await send("/", headers, { body })).status).toBe(500);
    const again = await send("/", headers, { body });
    expect(JSON.parse(again.body)).toMatchObject({ Name: "lost", VersionId: "t".repeat(32) });
  });

  test("they are set over HTTP, strictly, by those who hold the key", async () => {
    const rules = { rules: [{ fault: "throttling", times: 1 }] };
    const set = (
      service: string,
      body: unknown,
      headers: Record<string, string> = { authorization: authorization() },
    ) => send(`/_faults/${service}`, headers, { body: JSON.stringify(body) });
    expect((await set("secretsmanager", rules, {})).status).toBe(403);
    expect((await set("secretsmanager", rules)).status).toBe(200);
    await expect(read()).rejects.toMatchObject({ name: "ThrottlingException" });
    for (const wrong of [
      {},
      [],
      { rules: [{ fault: "explode" }] },
      { rules: [], more: 1 },
      { rules: [{ fault: "slow" }] },
    ]) {
      expect((await set("secretsmanager", wrong)).status).toBe(400);
    }
    expect((await set("nosuchservice", rules)).status).toBe(404);
    const shown = await send(
      "/_faults/secretsmanager",
      { authorization: authorization() },
      { method: "GET" },
    );
    expect(JSON.parse(shown.body)).toEqual({ rules: [{ rule: rules.rules[0], struck: 1 }] });
  });
});
