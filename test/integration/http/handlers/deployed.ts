import { setTimeout as sleep } from "node:timers/promises";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { puttingDatabase } from "@daypass/core/catalog/database.store.ts";
import { listInstances } from "@daypass/core/catalog/instance.store.ts";
import { type Id, newId } from "@daypass/core/kernel/ids.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import { baseContext, baseVariables } from "@daypass/functions/base-context.ts";
import { readEnvironment } from "@daypass/functions/environment.ts";
import { setUp } from "@daypass/functions/setup.ts";
import { afterAll, expect, vi } from "vitest";
import { Browser } from "../../../contract/oidc/browser.ts";
import { teamPolicies } from "../../registered.ts";
import { httpEvent, invocation, type Machine, origin, startMachine } from "../one-machine.ts";

export type Answer = {
  statusCode: number;
  headers: Record<string, string>;
  cookies?: string[];
  body: string;
};
export type Handler = (event: object, context: object) => Promise<unknown>;
export type Given = Parameters<typeof httpEvent>[2];

/** The handlers with what a small company has: an instance, a database, policies. Nobody listens at its server. */
export type Deployed = {
  machine: Machine;
  api: (method: string, path: string, given?: Given) => Promise<Answer>;
  databaseId: Id<"database">;
  /** All that the functions wrote to their logs so far. */
  log: () => string;
  signIn: (person: string) => Promise<{ finished: Answer; callback: string; cookies: string[] }>;
  pageOf: (person: string) => Promise<Page>;
};
type Page = {
  me: Answer;
  session: string;
  post: (path: string, body?: unknown) => Promise<Answer>;
  get: (path: string) => Promise<Answer>;
};

/** One for a test file, closed after its tests; then nothing that it logged may hold a password or a cookie. */
export async function deploy(): Promise<Deployed> {
  const written: string[] = [];
  const write = (chunk: unknown) => {
    written.push(String(chunk));
    return true;
  };
  vi.spyOn(process.stdout, "write").mockImplementation(write);
  vi.spyOn(process.stderr, "write").mockImplementation(write);
  const machine = await startMachine();
  afterAll(async () => {
    vi.restoreAllMocks();
    await machine.close();
    expectNoSecrets(written.join(""));
  });
  // Loaded before anybody waits for it: on a busy machine that alone takes seconds.
  await import("@daypass/functions/handlers/broker.ts");
  const handler = (await import("@daypass/functions/handlers/api.ts")).handler as unknown as Handler;
  const api: Deployed["api"] = async (method, path, given) =>
    (await handler(httpEvent(method, path, given), invocation())) as Answer;
  return {
    machine,
    api,
    databaseId: await seeded(),
    log: () => written.join(""),
    signIn: (person) => signIn(api, person),
    pageOf: (person) => pageOf(api, person),
  };
}

export const ctxOfSetup = () => {
  const base = baseContext(readEnvironment(baseVariables));
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const workflows = { startInspection: async () => undefined };
  return { ...base.as({ kind: "system", name: "setup" } as const, { log, requestId: "setup" }), workflows };
};

async function seeded(): Promise<Id<"database">> {
  const ctx = ctxOfSetup();
  const installation = {
    environments: [{ name: "production", rank: 30, protected: true }],
    networks: [{ name: "default" }],
    instances: [
      {
        name: "shop-production",
        engine: "postgres" as const,
        environment: "production",
        network: "default",
        secretName: "daypass/admin/shop",
        tls: "disable" as const,
      },
    ],
    policies: teamPolicies,
  };
  await setUp(ctx, installation);
  await setUp(ctx, installation);
  const instances = await listInstances(ctx);
  expect(instances).toHaveLength(1);
  const id = newId("database", ctx.ids);
  const instanceId = instances[0]?.id ?? ("" as Id<"instance">);
  await commitAll(ctx, [puttingDatabase(ctx, { id, instanceId, name: "shop", present: true })]);
  const secret = {
    engine: "postgres",
    host: "127.0.0.1",
    port: 9,
    username: "admin",
    password: "adm1n-hunter2",
  };
  await secretsManager().send(
    new CreateSecretCommand({ Name: "daypass/admin/shop", SecretString: JSON.stringify(secret) }),
  );
  return id;
}

export const secretsManager = () => new SecretsManagerClient();

/** Signs in at the local identity provider, as a browser does. */
async function signIn(api: Deployed["api"], person: string) {
  const begun = await api("GET", "/api/sign-in?return=/requests?view=mine");
  expect(begun.statusCode).toBe(302);
  const [pending = ""] = begun.cookies ?? [];
  expect(pending).toMatch(/^daypass_signin=.*HttpOnly/);
  const browser = new Browser();
  const page = await browser.open(begun.headers["location"] ?? "", origin);
  const back = await browser.submit(page, "person", person, origin);
  const callback = `${back.url.pathname}${back.url.search}`;
  const cookies = [pending.split(";")[0] ?? ""];
  const finished = await api("GET", callback, { cookies });
  return { finished, callback, cookies };
}

async function pageOf(api: Deployed["api"], person: string): Promise<Page> {
  const { finished } = await signIn(api, person);
  const session = (finished.cookies ?? []).find((cookie) => cookie.startsWith("daypass=")) ?? "";
  const cookies = [session.split(";")[0] ?? ""];
  const me = await api("GET", "/api/me", { cookies });
  const { csrfToken } = JSON.parse(me.body) as { csrfToken: string };
  const headers = { origin, "x-daypass-csrf": csrfToken };
  return {
    me,
    session,
    post: (path, body = {}) => api("POST", path, { cookies, headers, body }),
    get: (path) => api("GET", path, { cookies }),
  };
}

function expectNoSecrets(log: string): void {
  expect(log).not.toMatch(/adm1n-hunter2|daypass=|daypass_signin=/);
  for (const line of log.split("\n").filter((text) => text.startsWith("{"))) {
    expect(JSON.parse(line)).toMatchObject({ level: expect.any(String), requestId: expect.any(String) });
  }
}

export async function eventually<T>(look: () => Promise<T>): Promise<NonNullable<T>> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const found = await look();
    if (found !== undefined && found !== null) return found;
    await sleep(100);
  }
  throw new Error("this did not come about");
}
