import { openSession } from "@daypass/core/identity/open-session.ts";
import { csrfTokenOf } from "@daypass/core/identity/session.ts";
import { lendingProblem, privilegesOf } from "@daypass/functions/control-plane/privileges.ts";
import { createApp } from "@daypass/functions/http/app.ts";
import type { ApiParts } from "@daypass/functions/http/parts.ts";
import { problemView } from "@daypass/functions/http/problem.ts";
import { safeLog } from "@daypass/functions/log.ts";
import type { z } from "zod";
import { createWorld, type Person, type World } from "../harness.ts";

export type Answer = { status: number; headers: Headers; body: Record<string, unknown>; text: string };
export type Client = {
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
};
export type LogLine = { level: string; message: string } & Record<string, unknown>;

export type Api = {
  world: World;
  app: ReturnType<typeof createApp>;
  logLines: LogLine[];
  cookies: Map<Person, string>;
  /** The page of this person: its session's cookie, its CSRF token, its origin. */
  page(person: Person): Promise<Client>;
  /** Sends exactly these headers. */
  bare: Client;
  /** Everything in the table that is not a counter of uses. */
  items(): Promise<number>;
};

const secretOfGrant = "Tr0ubadour-Hunter2-Hunter2-Hunter2";

/** The HTTP API with the real core on the local DynamoDB; only what lies behind the ports stands in. */
export async function createApi(change: (parts: ApiParts) => ApiParts = (parts) => parts): Promise<Api> {
  const world = await createWorld();
  const logLines: LogLine[] = [];
  const line = (level: string) => (message: string, fields: Record<string, unknown>) => {
    logLines.push({ level, message, ...fields });
  };
  const parts = change({
    origin: "https://daypass.example.com",
    version: "0.0.0-test",
    originSecretDigests: [],
    countFault: () => undefined,
    perMinute: { signIns: 20, changes: 1000, previews: 1000 },
    logFor: (requestId) =>
      safeLog({
        info: (message, fields) => line("info")(message, { ...fields, requestId }),
        warn: (message, fields) => line("warn")(message, { ...fields, requestId }),
        error: (message, fields) => line("error")(message, { ...fields, requestId }),
      }),
    contextFor: ({ requestId, sourceIp, log }) => ({
      ...world.ctx({ kind: "anonymous" }),
      requestId,
      sourceIp,
      log,
      privileges: (database, level, scope) => privilegesOf("test", database, level, scope),
      lendingProblem,
      credentials: {
        read: async (grant) => ({
          engine: "postgres",
          host: "db.example.com",
          port: 5432,
          database: grant.database.name,
          username: grant.account,
          password: secretOfGrant,
          uri: `postgresql://${grant.account}:${secretOfGrant}@db.example.com:5432/shop`,
          jdbc: "jdbc:postgresql://db.example.com/shop",
          psql: "psql",
          environment: "",
        }),
      },
      runners: {
        testAccess: async () => ({ ok: true, serverVersion: "PostgreSQL 17.10", latencyMs: 12 }),
      },
      openid: {
        settings: {
          issuer: "https://id.example.com",
          clientId: "daypass",
          clientSecret: "",
          redirectUri: "https://daypass.example.com/api/sign-in/callback",
          postLogoutRedirectUri: "https://daypass.example.com/",
          scope: "openid",
          groupsClaim: "groups",
          clientAuthentication: "basic",
        },
        configuration: () => Promise.reject(new Error("no provider in this test")),
      },
    }),
  });
  const app = createApp(parts);
  const cookies = new Map<Person, string>();
  let sent = 0;

  async function fetchOne(method: string, path: string, body: unknown, headers: Record<string, string>) {
    sent += 1;
    const payload =
      body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
    const response = await app.request(
      path,
      { method, headers, ...payload },
      { requestContext: { requestId: `call-${sent}`, http: { sourceIp: "192.0.2.7" } } },
    );
    const text = await response.text();
    const isJson = /json/.test(response.headers.get("content-type") ?? "");
    if (isJson) expectDeclared(app, method, path, response.status, JSON.parse(text));
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: (isJson ? JSON.parse(text) : {}) as Record<string, unknown>,
    };
  }
  const clientOf = (own: (method: string) => Record<string, string>): Client => ({
    get: (path, headers = {}) => fetchOne("GET", path, undefined, { ...own("GET"), ...headers }),
    send: (method, path, body, headers = {}) => {
      const type: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
      return fetchOne(method, path, body, { ...own(method), ...type, ...headers });
    },
  });

  return {
    world,
    app,
    logLines,
    cookies,
    bare: clientOf(() => ({})),
    async page(person) {
      const { issuer, subject, name, email, groups } = world.people[person];
      const profile = { issuer, subject, name, email, groups: [...groups] };
      const opened = await openSession(world.ctx({ kind: "anonymous" }), profile);
      cookies.set(person, opened.cookie);
      const cookie = `__Host-daypass=${opened.cookie}`;
      return clientOf((method) =>
        method === "GET"
          ? { cookie }
          : { cookie, origin: "https://daypass.example.com", "x-daypass-csrf": csrfTokenOf(opened.cookie) },
      );
    },
    async items() {
      const { Items = [] } = await scan(world);
      return Items.filter((item) => item["__edb_e__"] !== "use").length;
    },
  };
}

async function scan({ table }: World) {
  const { ScanCommand } = await import("@aws-sdk/lib-dynamodb");
  return table.client.send(new ScanCommand({ TableName: table.name, ConsistentRead: true }));
}

/** Whatever is answered must be what the OpenAPI document says: no field less, none more. */
function expectDeclared(app: Api["app"], method: string, path: string, status: number, body: unknown): void {
  const { pathname } = new URL(path, "https://daypass.example.com");
  if (status >= 400) {
    problemView.parse(body);
    return;
  }
  const route = app.openAPIRegistry.definitions
    .flatMap((definition) => (definition.type === "route" ? [definition.route] : []))
    .filter((one) => one.method === method.toLowerCase())
    .toSorted((one, other) => one.path.split("{").length - other.path.split("{").length)
    .find((one) => new RegExp(`^${one.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(pathname));
  const declared = route?.responses[String(status)];
  const content = declared && "content" in declared ? declared.content?.["application/json"] : undefined;
  if (!content) {
    if (pathname === "/api/openapi.json") return;
    throw new Error(`${method} ${pathname} does not declare ${status}`);
  }
  const { schema } = content as { schema: z.ZodType };
  schema.parse(body);
}
