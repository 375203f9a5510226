import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { puttingDatabase } from "@daypass/core/catalog/database.store.ts";
import { listInstances } from "@daypass/core/catalog/instance.store.ts";
import type { Id } from "@daypass/core/kernel/ids.ts";
import { newId } from "@daypass/core/kernel/ids.ts";
import { commitAll } from "@daypass/core/kernel/table.ts";
import { findReconciliation } from "@daypass/core/reconciliation/reconciliation.store.ts";
import { baseContext, baseVariables } from "@daypass/functions/base-context.ts";
import { callRunner } from "@daypass/functions/control-plane/call-runner.ts";
import { readCredential } from "@daypass/functions/control-plane/read-credential.ts";
import { grantSecretsIn } from "@daypass/functions/data-plane/grant-secrets.ts";
import { readEnvironment } from "@daypass/functions/environment.ts";
import { setUp } from "@daypass/functions/setup.ts";
import { ResponseStream } from "@daypass/local/aws/lambda/response-streams.ts";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Browser } from "../../contract/oidc/browser.ts";
import { teamPolicies } from "../registered.ts";
import { httpEvent, invocation, type Machine, origin, startMachine } from "./one-machine.ts";

type Answer = { statusCode: number; headers: Record<string, string>; cookies?: string[]; body: string };
type Handler = (event: object, context: object) => Promise<unknown>;

let machine: Machine;
let api: (method: string, path: string, given?: Parameters<typeof httpEvent>[2]) => Promise<Answer>;
let databaseId: string;
const written: string[] = [];

beforeAll(async () => {
  const write = (chunk: unknown) => {
    written.push(String(chunk));
    return true;
  };
  vi.spyOn(process.stdout, "write").mockImplementation(write);
  vi.spyOn(process.stderr, "write").mockImplementation(write);
  machine = await startMachine();
  // Loaded before anybody waits for it: on a busy machine that alone takes seconds.
  await import("@daypass/functions/handlers/broker.ts");
  const handler = (await import("@daypass/functions/handlers/api.ts")).handler as unknown as Handler;
  api = async (method, path, given) =>
    (await handler(httpEvent(method, path, given), invocation())) as Answer;
  databaseId = await seeded();
});
afterAll(async () => {
  vi.restoreAllMocks();
  await machine.close();
});

const ctxOfSetup = () => {
  const base = baseContext(readEnvironment(baseVariables));
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const workflows = { startInspection: async () => undefined };
  return { ...base.as({ kind: "system", name: "setup" } as const, { log, requestId: "setup" }), workflows };
};

async function seeded(): Promise<string> {
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

const secretsManager = () => new SecretsManagerClient();

/** Signs in at the local identity provider, as a browser does. */
async function signIn(person: string) {
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

async function pageOf(person: string) {
  const { finished } = await signIn(person);
  const session = (finished.cookies ?? []).find((cookie) => cookie.startsWith("daypass=")) ?? "";
  const cookies = [session.split(";")[0] ?? ""];
  const me = await api("GET", "/api/me", { cookies });
  const { csrfToken } = JSON.parse(me.body) as { csrfToken: string };
  const headers = { origin, "x-daypass-csrf": csrfToken };
  return {
    me,
    session,
    post: (path: string, body: unknown = {}) => api("POST", path, { cookies, headers, body }),
    get: (path: string) => api("GET", path, { cookies }),
  };
}

describe("signing in", () => {
  test("goes through the identity provider and comes back to where it began, once", async () => {
    const { finished, callback, cookies } = await signIn("erin-vale");
    expect(finished).toMatchObject({
      statusCode: 302,
      headers: { location: `${origin}/requests?view=mine` },
    });
    const session = finished.cookies?.find((cookie) => cookie.startsWith("daypass=")) ?? "";
    expect(session).toMatch(/HttpOnly/);
    expect(session).toMatch(/SameSite=Lax/);
    expect(session).toMatch(/Path=\//);
    expect(session).not.toMatch(/Secure|Domain/);
    const again = await api("GET", callback, { cookies });
    expect(again.headers["location"]).toMatch(/\/sign-in-failed\?code=sign-in\.expired&requestId=http-/);
    expect(
      again.cookies?.some((cookie) => cookie.startsWith("daypass=") && !cookie.includes("Max-Age=0")),
    ).toBeFalsy();
  });

  test("without the cookie that began it nobody is signed in", async () => {
    const { callback } = await signIn("erin-vale");
    const stolen = await api("GET", callback);
    expect(stolen.headers["location"]).toMatch(/code=sign-in\.expired/);
    expect(stolen.cookies?.some((cookie) => cookie.startsWith("daypass="))).toBeFalsy();
  });

  test("signing out ends the session and drops the cookie", async () => {
    const page = await pageOf("oscar-brandt");
    expect(JSON.parse(page.me.body)).toMatchObject({
      user: { name: "Oscar Brandt" },
      roles: ["auditor", "member"],
    });
    const out = await page.post("/api/sign-out");
    expect(JSON.parse(out.body)).toEqual({ endSessionUrl: expect.stringContaining(machine.oidc.issuer) });
    expect(out.cookies?.[0]).toMatch(/^daypass=;.*Max-Age=0/);
    expect((await page.get("/api/me")).statusCode).toBe(401);
  });
});

describe("from the click to the database server", () => {
  test("an approval starts the timer, whose broker says why it cannot get on; people are written to", async () => {
    const [engineer, lead, administrator] = [
      await pageOf("erin-vale"),
      await pageOf("tomoko-lind"),
      await pageOf("priya-castell"),
    ];
    const notify = (await import("@daypass/functions/handlers/notify.ts")).handler as unknown as Handler;
    const source = machine.dynamodb.pollStream({
      table: "daypass",
      name: "notify",
      handler: (event) => notify(event, invocation("notify-1")) as Promise<{ batchItemFailures: [] }>,
    });
    const ask = {
      databaseId,
      level: "read",
      durationMinutes: 60,
      reason: "Order 42\r\nBcc: everyone@example.com",
    };
    expect((await engineer.post("/api/requests", ask)).statusCode).toBe(400);
    const filed = await engineer.post("/api/requests", {
      ...ask,
      reason: "Order 42\nBcc: everyone@example.com",
    });
    expect(filed.statusCode).toBe(201);
    const { id } = JSON.parse(filed.body) as { id: string };
    const approved = await lead.post(`/api/requests/${id}/reviews`, { decision: "approve" });
    const { grantId } = JSON.parse(approved.body) as { grantId: string };

    const failure = await eventually(async () => {
      const grant = JSON.parse((await engineer.get(`/api/grants/${grantId}`)).body) as { failure: unknown };
      return grant.failure;
    });
    expect(failure).toMatchObject({ step: "provision", reason: "unreachable" });

    const mails = await eventually(async () => {
      const found = await mailbox();
      return found.length >= 3 ? found : undefined;
    });
    const to = (address: string) => mails.filter((mail) => JSON.stringify(mail).includes(address));
    expect(to("tomoko.lind@example.com")).toHaveLength(1);
    expect(to("priya.castell@example.com")).toHaveLength(1);
    expect(to("erin.vale@example.com").length).toBeGreaterThanOrEqual(1);
    const text = JSON.stringify(to("tomoko.lind@example.com")[0]);
    expect(text).toContain(`${origin}/requests/${id}`);
    expect(text).toContain("> Bcc: everyone@example.com");
    expect(mails.filter((mail) => JSON.stringify(mail).includes('"to":["everyone@example.com"]'))).toEqual(
      [],
    );

    const ended = await administrator.post(`/api/grants/${grantId}/end`, { reason: "wrong order" });
    expect(JSON.parse(ended.body)).toMatchObject({ state: "revoking", endedBy: "administrator" });
    await eventually(async () => ((await mailbox()).length >= 4 ? true : undefined));
    const sweep = (await import("@daypass/functions/handlers/sweep.ts")).handler as unknown as Handler;
    expect(await sweep({}, invocation("sweep-1"))).toMatchObject({ failedGrants: 0, lapsedRequests: 0 });
    await source.stop();
  });

  test("no administrator's password, no cookie and no grant's password is in any log line", () => {
    const all = written.join("");
    expect(all).toContain("provisioning failed");
    expect(all).not.toMatch(/adm1n-hunter2|daypass=|daypass_signin=/);
    for (const line of all.split("\n").filter((text) => text.startsWith("{"))) {
      expect(JSON.parse(line)).toMatchObject({ level: expect.any(String), requestId: expect.any(String) });
    }
  });
});

describe("the broker", () => {
  test.each([
    [{ step: "turn" }],
    [{ step: "turn", grantId: "grt_1" }],
    [{ step: "turn", grantId: "grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN", force: true }],
    [{ step: "turn", grantId: "grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN", by: "administrator" }],
    [{ step: "drop-everything" }],
    [null],
  ])("refuses %j", async (event) => {
    const broker = (await import("@daypass/functions/handlers/broker.ts")).handler as unknown as Handler;
    await expect(broker(event as object, invocation())).rejects.toThrow(
      "The log of this invocation says why.",
    );
  });

  test("is done with a grant that does not exist", async () => {
    const broker = (await import("@daypass/functions/handlers/broker.ts")).handler as unknown as Handler;
    const turn = { step: "turn", grantId: "grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN" };
    expect(await broker(turn, invocation())).toEqual({ next: "done" });
  });
});

describe("comparing ledger and accounts", () => {
  test("a person's run goes from the click through the workflow to the broker, and its end is on record", async () => {
    const administrator = await pageOf("priya-castell");
    const [instance] = await listInstances(ctxOfSetup());
    const begun = await administrator.post(`/api/instances/${instance?.id}/reconcile`, { mode: "dry-run" });
    expect(begun.statusCode, begun.body).toBe(200);
    expect(JSON.parse(begun.body)).toMatchObject({
      status: "running",
      mode: "dry-run",
      startedBy: "Priya Castell",
      instance: { name: "shop-production" },
    });
    const ended = await eventually(async () => {
      const { body } = await administrator.get("/api/reconciliations");
      const { items } = JSON.parse(body) as { items: { status: string; error: string | null }[] };
      return items.find(({ status }) => status !== "running");
    });
    expect(ended).toMatchObject({ status: "failed", mode: "dry-run" });
    expect(ended.error).toMatch(/127\.0\.0\.1/);
    expect(ended.error).not.toContain("hunter2");
  });

  test("the sweeper's step is done by the broker as the sweeper", async () => {
    const broker = (await import("@daypass/functions/handlers/broker.ts")).handler as unknown as Handler;
    const [instance] = await listInstances(ctxOfSetup());
    const before = await findReconciliation(ctxOfSetup(), instance?.id ?? ("" as Id<"instance">));
    await broker({ step: "reconcile", instanceId: instance?.id, by: "sweeper" }, invocation());
    const after = await findReconciliation(ctxOfSetup(), instance?.id ?? ("" as Id<"instance">));
    expect(after).toMatchObject({ mode: "repair", status: "failed" });
    expect(after?.run).not.toBe(before?.run);
    await expect(
      broker({ step: "reconcile", instanceId: instance?.id, mode: "repair" }, invocation()),
    ).rejects.toThrow();
  });
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
        id: databaseId as Id<"database">,
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

describe("the streaming twin", () => {
  async function ask(path: string, given: Parameters<typeof httpEvent>[2] = {}, method = "GET") {
    const twin = (await import("@daypass/functions/handlers/api-stream.ts")).handler as unknown as (
      ...given: unknown[]
    ) => Promise<void>;
    const stream = new ResponseStream();
    const read = text(stream);
    await twin(httpEvent(method, path, given), stream, invocation());
    const [head = "", body = ""] = (await read).split("\0".repeat(8));
    return { ...(JSON.parse(head) as Omit<Answer, "body">), body };
  }

  test("has the same gates as the API", async () => {
    expect(await ask("/api/audit/export")).toMatchObject({ statusCode: 401 });
    const engineer = await pageOf("erin-vale");
    const cookies = [engineer.session.split(";")[0] ?? ""];
    expect(await ask("/api/audit/export", { cookies })).toMatchObject({ statusCode: 403 });
    expect(await ask("/api/me", { cookies })).toMatchObject({ statusCode: 404 });
  });

  test("exports the trail for an auditor, by cookie and by a token that CloudFront's function kept", async () => {
    const auditor = await pageOf("oscar-brandt");
    const cookies = [auditor.session.split(";")[0] ?? ""];
    const byCookie = await ask("/api/audit/export?format=csv", {
      cookies,
      headers: { authorization: "AWS4-HMAC-SHA256 Credential=CLOUDFRONT/1/us-east-1/lambda/aws4_request" },
    });
    expect(byCookie).toMatchObject({
      statusCode: 200,
      headers: { "content-type": "text/csv; charset=utf-8" },
    });
    expect(byCookie.body).toMatch(/^at,operation,/);
    const made = await auditor.post("/api/tokens", { name: "export", scopes: ["read"], expiresInDays: 1 });
    const { secret } = JSON.parse(made.body) as { secret: string };
    const kept = { headers: { "x-daypass-authorization": `Bearer ${secret}` } };
    expect(await ask("/api/audit/export", kept)).toMatchObject({ statusCode: 200 });
    expect(await ask("/api/audit/export", { headers: { authorization: `Bearer ${secret}` } })).toMatchObject({
      statusCode: 401,
    });
  });
});

describe("the archive", () => {
  const client = () => new S3Client();
  const archive = async () =>
    (await import("@daypass/functions/handlers/archive.ts")).handler as unknown as Handler;

  test("keeps the whole trail, a batch an object, and the same batch once", async () => {
    await client().send(new CreateBucketCommand({ Bucket: "daypass-archive" }));
    const handler = await archive();
    const batches: object[] = [];
    const source = machine.dynamodb.pollStream({
      table: "daypass",
      name: "archive",
      handler: async (event) => {
        batches.push(event);
        return (await handler(event, invocation("archive-1"))) as { batchItemFailures: [] };
      },
    });
    const { Contents = [] } = await eventually(async () => {
      const listed = await client().send(new ListObjectsV2Command({ Bucket: "daypass-archive" }));
      return (listed.KeyCount ?? 0) > 0 && batches.length > 0 ? listed : undefined;
    });
    await source.stop();
    for (const batch of batches) {
      expect(await handler(batch, invocation("archive-2"))).toEqual({ batchItemFailures: [] });
    }
    const again = await client().send(new ListObjectsV2Command({ Bucket: "daypass-archive" }));
    expect(again.KeyCount).toBeGreaterThanOrEqual(Contents.length);
    const bodies = await Promise.all(
      (again.Contents ?? []).map(async ({ Key }) => {
        const { Body } = await client().send(new GetObjectCommand({ Bucket: "daypass-archive", Key }));
        return (await Body?.transformToString()) ?? "";
      }),
    );
    const lines = bodies.join("").trim().split("\n");
    const kept = lines.map((line) => (JSON.parse(line) as { operation: string }).operation);
    expect(kept).toEqual(expect.arrayContaining(["session.sign-in", "request.create", "grant.start"]));
    expect(new Set(lines).size).toBe(lines.length);
    expect(lines.join("")).not.toMatch(/adm1n-hunter2/);
  });

  test("a bucket that takes nothing has the batch come again from its first event on", async () => {
    machine.aws.faults.set("s3", [{ fault: "fail", error: "AccessDenied", status: 403 }]);
    const record = {
      eventName: "INSERT",
      dynamodb: {
        SequenceNumber: "7",
        ApproximateCreationDateTime: 1_780_000_000,
        NewImage: { __edb_e__: { S: "event" }, event: { M: { id: { S: "evt_1" } } } },
      },
    };
    const other = { eventName: "INSERT", dynamodb: { SequenceNumber: "6", NewImage: {} } };
    const answer = await (await archive())({ Records: [other, record] }, invocation("archive-3"));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "7" }] });
    machine.aws.faults.clear();
  });
});

describe("the runner", () => {
  const runner = async () =>
    (await import("@daypass/functions/handlers/runner.ts")).handler as unknown as Handler;

  test.each([
    [{ step: "test-access" }],
    [{ step: "test-access", grantId: "grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN", host: "db.example.com" }],
    [{ step: "turn", grantId: "grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN" }],
    [null],
  ])("refuses %j", async (event) => {
    await expect((await runner())(event as object, invocation())).rejects.toThrow(
      "The log of this invocation says why.",
    );
  });

  test("has nothing to do for a grant that does not exist", async () => {
    const step = { step: "test-access", grantId: "grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN" };
    expect(await (await runner())(step, invocation())).toMatchObject({ ok: false, reason: "not-active" });
  });

  test("is called by the API through Lambda, and what it answers is looked at", async () => {
    const call = (name: string) =>
      callRunner(
        { client: new LambdaClient(), clock: { sleep: async () => undefined } },
        name,
        "grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN",
      );
    expect(await call("daypass-runner")).toMatchObject({ ok: false, reason: "not-active" });
    for (const name of ["daypass-broker", "daypass-nobody"]) {
      await expect(call(name)).rejects.toMatchObject({ code: "runner.unavailable" });
    }
  });
});

describe("metrics", () => {
  test("are in the log, of every kind that this story had", () => {
    const lines = written
      .join("")
      .split("\n")
      .filter((line) => line.includes('"_aws"'));
    const counted = lines.flatMap((line) => Object.keys(JSON.parse(line) as object));
    expect(counted).toEqual(expect.arrayContaining(["MailsSent", "stack"]));
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ stack: "test" });
  });
});

async function mailbox(): Promise<object[]> {
  const answer = await fetch(`${machine.aws.url}/mailbox/messages`);
  return ((await answer.json()) as { messages: object[] }).messages;
}

async function eventually<T>(look: () => Promise<T>): Promise<NonNullable<T>> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const found = await look();
    if (found !== undefined && found !== null) return found;
    await sleep(100);
  }
  throw new Error("this did not come about");
}
