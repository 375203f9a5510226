import { CreateTableCommand, DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";

import { tableDefinition } from "@daypass/core/kernel/table.definition.ts";
import { type Aws, startAws } from "@daypass/local/aws/start-aws.ts";
import { createDynamoDb } from "@daypass/local/dynamodb/dynamodb.ts";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { httpEvent, invocation } from "../integration/http/one-machine.ts";
import { functionsIn, ofType } from "./render/policies.ts";

type Answer = { statusCode: number; body: string; headers?: Record<string, string> };
type Handler = (event: object, context: object) => Promise<Answer>;
type Document = { paths: Record<string, Record<string, { security?: unknown[] }>> };

const rendered = inject("production");
const api = functionsIn(rendered).find(({ part }) => part === "api");
const tableName = api?.variables["DAYPASS_TABLE"] ?? "";
const before = { ...process.env };
let aws: Aws;
let dynamodb: Awaited<ReturnType<typeof createDynamoDb>>;
let handler: Handler;

/** The bundle that would be deployed, in the environment that it would have, over the AWS of one machine. */
beforeAll(async () => {
  // The function's log goes to standard output, line by line.
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  dynamodb = await createDynamoDb({ folder: undefined });
  aws = await startAws({
    handlers: { dynamodb },
    functions: {},
    prepare: async ({ environment }) => {
      Object.assign(process.env, environment, api?.variables);
      const client = new DynamoDBClient();
      await client.send(new CreateTableCommand(tableDefinition(tableName)));
      client.destroy();
    },
  });
  const bundle = rendered.bundles.find(({ functionId }) => functionId === api?.id);
  ({ handler } = (await import(/* @vite-ignore */ bundle?.file ?? "")) as { handler: Handler });
});
afterAll(async () => {
  vi.restoreAllMocks();
  await aws.close();
  await dynamodb.close();
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
});

/** What CloudFront adds to each request. */
function fromCloudFront(): Record<string, string> {
  const [distribution] = ofType(rendered, "aws:cloudfront/distribution:Distribution");
  const origins = distribution?.inputs["origins"] as {
    originId: string;
    customHeaders?: { name: string; value: string }[];
  }[];
  const added = origins.find(({ originId }) => originId === "api")?.customHeaders ?? [];
  return {
    ...Object.fromEntries(added.map(({ name, value }) => [name, value])),
    "x-daypass-viewer-address": "198.51.100.7",
  };
}

async function send(method: string, path: string, headers = fromCloudFront()): Promise<Answer> {
  return handler(httpEvent(method, path, { headers }), invocation());
}

async function routes() {
  const document = JSON.parse((await send("GET", "/api/openapi.json")).body) as Document;
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security }]) => ({
      method: method.toUpperCase(),
      path: path.replaceAll("{id}", "req_01JD8Z5K3QW8R4T6Y2X9V7B1CN"),
      isOpen: security?.length === 0,
    })),
  );
}

async function items(): Promise<number> {
  const client = new DynamoDBClient();
  const { Count } = await client.send(new ScanCommand({ TableName: tableName, Select: "COUNT" }));
  client.destroy();
  return Count ?? -1;
}

describe("the API as it would be deployed", () => {
  test("answers every route but health and sign-in with 401 to whoever is not signed in, and writes nothing", async () => {
    const all = await routes();
    const closed = all.filter(({ isOpen }) => !isOpen);
    expect(closed.length).toBeGreaterThan(40);
    const count = await items();
    for (const { method, path } of closed) {
      const { statusCode, body } = await send(method, path);
      expect([method, path, statusCode, (JSON.parse(body) as { code: string }).code]).toEqual([
        method,
        path,
        401,
        "session.required",
      ]);
    }
    expect(await items()).toBe(count);
    const open = all.filter(({ isOpen }) => isOpen).map(({ method, path }) => `${method} ${path}`);
    expect(open.toSorted()).toEqual(["GET /api/health", "GET /api/sign-in", "GET /api/sign-in/callback"]);
  });

  test("takes neither a forged cookie nor a forged token for a person", async () => {
    for (const headers of [{ cookie: "__Host-daypass=x" }, { authorization: "Bearer dpt_x" }]) {
      expect(await send("GET", "/api/me", { ...fromCloudFront(), ...headers })).toMatchObject({
        statusCode: 401,
      });
    }
  });

  test("refuses whatever did not come through CloudFront, whatever it claims", async () => {
    for (const headers of [
      {},
      { "x-daypass-origin-secret": "x".repeat(48) },
      { "x-daypass-viewer-address": "::1" },
    ]) {
      for (const { method, path } of await routes()) {
        expect([method, path, (await send(method, path, headers)).statusCode]).toEqual([method, path, 403]);
      }
    }
  });
});
