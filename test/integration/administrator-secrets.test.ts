import { createServer, type IncomingMessage } from "node:http";
import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { administratorSecretsClient } from "@daypass/functions/clients/administrator-secrets.ts";
import { afterEach, expect, test, vi } from "vitest";

afterEach(() => vi.unstubAllEnvs());

/** STS and Secrets Manager as far as their first answers go; keeps what it was asked. */
async function accounts() {
  const asked: { authorization: string; body: string }[] = [];
  const server = createServer((request, response) => {
    void answer(request).then((body) => response.end(body));
  });
  async function answer(request: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks).toString();
    asked.push({ authorization: request.headers.authorization ?? "", body });
    if (!body.includes("AssumeRole")) return JSON.stringify({ SecretString: "of the other account" });
    return `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
      <AccessKeyId>ASIAOTHER</AccessKeyId><SecretAccessKey>x</SecretAccessKey><SessionToken>t</SessionToken>
      <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  for (const service of ["STS", "SECRETS_MANAGER"]) vi.stubEnv(`AWS_ENDPOINT_URL_${service}`, url);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAOURS");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "x");
  const close = () => new Promise((resolve) => server.close(resolve));
  return { asked, close: async () => (server.closeAllConnections(), close()) };
}

const base = {
  region: "eu-west-1",
  stack: "production",
  accountRoleArn: undefined,
  accountExternalId: undefined,
};
const read = (client: ReturnType<typeof administratorSecretsClient>) =>
  client.send(new GetSecretValueCommand({ SecretId: "shop/administrator" }));

test("in another account they are read as its role, taken on with the external id, once", async () => {
  const world = await accounts();
  const accountRoleArn = "arn:aws:iam::210987654321:role/daypass-administrators";
  const client = administratorSecretsClient({
    ...base,
    accountRoleArn,
    accountExternalId: "daypass-analytics",
  });
  for (let time = 0; time < 2; time += 1) {
    expect(await read(client)).toMatchObject({ SecretString: "of the other account" });
  }
  const [first, ...others] = world.asked;
  expect(new URLSearchParams(first?.body).get("RoleArn")).toBe(accountRoleArn);
  expect(new URLSearchParams(first?.body).get("ExternalId")).toBe("daypass-analytics");
  expect(new URLSearchParams(first?.body).get("RoleSessionName")).toBe("daypass-production-broker");
  expect(first?.authorization).toContain("Credential=AKIAOURS/");
  expect(others).toHaveLength(2);
  for (const { authorization } of others) expect(authorization).toContain("Credential=ASIAOTHER/");
  client.destroy();
  await world.close();
});

test("in our own account they are read as ourselves", async () => {
  const world = await accounts();
  const client = administratorSecretsClient(base);
  await read(client);
  expect(world.asked).toHaveLength(1);
  expect(world.asked[0]?.authorization).toContain("Credential=AKIAOURS/");
  client.destroy();
  await world.close();
});
