import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DatabaseView } from "@daypass/core/catalog/catalog.view.ts";
import type { CredentialView } from "@daypass/core/credential/credential.view.ts";
import type { GrantView } from "@daypass/core/grant/grant.view.ts";
import type { MeView, NewTokenView } from "@daypass/core/identity/user.view.ts";
import type { RequestView } from "@daypass/core/request/request.view.ts";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Browser } from "../contract/oidc/browser.ts";
import { behind } from "./behind.ts";
import { Person } from "./person.ts";
import { rawRequest } from "./raw-request.ts";
import { System } from "./system.ts";

let system: System;
let engineer: Person;
let analyst: Person;
let lead: Person;
let administrator: Person;
let auditor: Person;
let shop: DatabaseView;
let staging: DatabaseView;
/** The engineer's, active, with its credential. */
let request: RequestView;
let grant: GrantView;
let credential: CredentialView;
const nobodys = "01JD8Z5K3QW8R4T6Y2X9V7B1CN";

beforeAll(async () => {
  system = await System.create();
  [engineer, analyst, lead, administrator, auditor] = await Promise.all([
    Person.signIn(system.url, "erin-vale"),
    Person.signIn(system.url, "nils-okoro"),
    Person.signIn(system.url, "tomoko-lind"),
    Person.signIn(system.url, "priya-castell"),
    Person.signIn(system.url, "oscar-brandt"),
  ]);
  [shop, staging] = await Promise.all([
    engineer.database("shop", "production"),
    engineer.database("shop_staging", "staging"),
  ]);
  request = await engineer.ask(shop.id, { durationMinutes: 60 });
  await lead.approve(request.id);
  grant = await engineer.grantIn(grantIdOf(request), ["active"], 20);
  credential = await engineer.credential(grant.id);
});
afterAll(() => system?.close());

const grantIdOf = ({ id }: Pick<RequestView, "id">) => id.replace("req_", "grt_");
const raw = (method: string, target: string, headers?: Record<string, string>, body?: string) =>
  rawRequest(system.url, method, target, headers, body);
const outcome = async (answer: ReturnType<Person["call"]>) => {
  const { status, body } = await answer;
  return typeof body["code"] === "string" ? `${status} ${body["code"]}` : String(status);
};

describe("from outside, without a session", () => {
  test.each([
    "/api/me",
    "/api//me",
    "/api/%6de",
    "/api/health/../me",
    "/api/health/%2e%2e/me",
    "/api/health%2f..%2fme",
    "/api/sign-in/callback/../../audit",
    "/api/openapi.json/../audit",
    "/api/me;x",
    "/api/me%00",
    `/api/${"a".repeat(15_000)}`,
  ])("no spelling of an address leads in: %s", async (target) => {
    expect((await raw("GET", target)).status).toBe(401);
  });

  test.each(["/%2e%2e/%2e%2e/package.json", "/assets/..%2f..%2fpackage.json", "/assets/%5c..%5cx.ts"])(
    "no file but those of the page is served: %s",
    async (target) => {
      expect((await raw("GET", target)).status).toBe(404);
    },
  );

  test.each(["evil.example", "127.0.0.1", "127.0.0.1:1", "[::1]:80"])(
    "under the name %s nobody is at home",
    async (host) => {
      expect((await raw("GET", "/api/health", { host })).status).toBe(421);
    },
  );

  test("headers of a proxy do not change where sign-in leads back to", async () => {
    const answer = await raw("GET", "/api/sign-in", {
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "https",
    });
    expect(new URL(answer.location).searchParams.get("redirect_uri")).toBe(
      `${system.url}/api/sign-in/callback`,
    );
  });

  test("the AWS of this machine answers neither pages of other sites nor who does not know its key", async () => {
    const remembered = await readFile(join(system.home, "remembered.json"), "utf8");
    const url = `http://127.0.0.1:${(JSON.parse(remembered) as { awsPort: number }).awsPort}`;
    const list = {
      "x-amz-target": "secretsmanager.ListSecrets",
      "content-type": "application/x-amz-json-1.1",
    };
    const key =
      "AWS4-HMAC-SHA256 Credential=LOCALAAAAAAAAAAAAAAAAAAAAAAAA/20260101/us-east-1/secretsmanager/aws4_request";
    for (const headers of [
      {},
      { authorization: key },
      { host: "evil.example", authorization: key },
      { origin: "https://evil.example", authorization: key },
    ]) {
      expect((await rawRequest(url, "POST", "/", { ...list, ...headers }, "{}")).status).toBe(403);
    }
    for (const target of ["/_faults/secretsmanager", "/mailbox/../_faults/dynamodb"]) {
      expect((await rawRequest(url, "GET", target)).status).toBe(403);
    }
  });
});

describe("signing in", () => {
  const begin = async (person: string) => {
    const browser = new Browser();
    const picker = await browser.open(`${system.url}/api/sign-in?return=//evil.example`);
    const back = await browser.submit(picker, "person", person, `${system.url}/api/sign-in/callback`);
    return { callback: back.url.pathname + back.url.search, cookie: browser.cookieHeader() };
  };

  test("a code is good once, for the browser that began, with its state; and leads to our own page", async () => {
    const { callback, cookie } = await begin("erin-vale");
    const other = await begin("nils-okoro");
    expect((await raw("GET", callback)).location).toContain("code=sign-in.expired");
    expect((await raw("GET", callback, { cookie: other.cookie })).location).toContain("code=sign-in.failed");
    const chosen = "c".repeat(43);
    const signedIn = await raw("GET", callback, { cookie: `${cookie}; daypass=${chosen}` });
    expect(signedIn.location).toBe(`${system.url}/`);
    const session = /daypass=([\w-]{43});.*HttpOnly; SameSite=Lax/.exec(signedIn.cookies.join("\n"))?.[1];
    expect(session).toBeDefined();
    expect(session).not.toBe(chosen);
    expect((await raw("GET", callback, { cookie })).location).toContain("code=sign-in.expired");
    const altered = await begin("erin-vale");
    const target = altered.callback.replace(/state=[^&]+/, "state=x");
    expect((await raw("GET", target, { cookie: altered.cookie })).location).toContain("code=sign-in.failed");
  });

  test("a cookie is worth nothing after its session was ended", async () => {
    const { callback, cookie } = await begin("erin-vale");
    const { cookies } = await raw("GET", callback, { cookie });
    const session = { cookie: `daypass=${/daypass=([\w-]{43})/.exec(cookies.join("\n"))?.[1]}` };
    const { csrfToken } = JSON.parse((await raw("GET", "/api/me", session)).text) as MeView;
    const ending = { ...session, origin: system.url, "x-daypass-csrf": csrfToken ?? "" };
    expect((await raw("POST", "/api/sign-out", ending)).status).toBe(200);
    expect((await raw("GET", "/api/me", session)).status).toBe(401);
  });
});

describe("another site, in the browser of somebody who is signed in", () => {
  test.each<[string, Record<string, string>, string]>([
    ["without the token", { "x-daypass-csrf": "" }, "403 csrf.token"],
    ["with a wrong token", { "x-daypass-csrf": "x".repeat(43) }, "403 csrf.token"],
    ["from another origin", { origin: "https://evil.example" }, "403 csrf.origin"],
    ["from nowhere", { origin: "null" }, "403 csrf.origin"],
    ["from another port", { origin: "http://127.0.0.1:1" }, "403 csrf.origin"],
    ["as a form", { "content-type": "application/x-www-form-urlencoded" }, "415 http.media-type"],
    ["as text", { "content-type": "text/plain" }, "415 http.media-type"],
  ])("cannot change anything %s", async (_how, headers, expected) => {
    expect(await outcome(engineer.call("POST", `/api/grants/${grant.id}/end`, {}, headers))).toBe(expected);
    expect((await engineer.grant(grant.id)).state).toBe("active");
  });

  test("a header that names another method is only a header", async () => {
    await engineer.call("GET", `/api/grants/${grant.id}`, undefined, { "x-http-method-override": "DELETE" });
    expect(await outcome(engineer.call("GET", `/api/grants/${grant.id}/end`))).toBe("405 http.method");
  });
});

describe("somebody else who is signed in", () => {
  test("who knows the ids of others' things gets what one gets for things that do not exist", async () => {
    const token = await engineer.post<NewTokenView>("/api/tokens", tokenOf("read"));
    const more = { durationMinutes: 5, reason: "a little longer" };
    for (const [method, path, body] of [
      ["GET", `/api/requests/${request.id}`],
      ["POST", `/api/requests/${request.id}/reviews`, { decision: "approve" }],
      ["POST", `/api/requests/${request.id}/cancel`, {}],
      ["GET", `/api/grants/${grant.id}`],
      ["POST", `/api/grants/${grant.id}/credential`, {}],
      ["POST", `/api/grants/${grant.id}/extensions`, more],
      ["POST", `/api/grants/${grant.id}/end`, {}],
      ["POST", `/api/grants/${grant.id}/retry`, {}],
      ["DELETE", `/api/tokens/${token.id}`],
    ] as const) {
      const theirs = await analyst.call(method, path, body);
      const missing = await analyst.call(method, path.replace(/_[0-9A-Z]{26}/, `_${nobodys}`), body);
      expect(theirs.status, path).toBe(404);
      const { requestId: _one, ...said } = theirs.body;
      const { requestId: _other, ...saidOfNothing } = missing.body;
      expect(said, path).toEqual(saidOfNothing);
    }
    for (const person of [lead, administrator, auditor]) {
      const path = `/api/grants/${grant.id}`;
      expect(await outcome(person.call("POST", `${path}/credential`, {}))).toBe("403 forbidden");
      expect(await outcome(person.call("POST", `${path}/extensions`, more))).toBe("403 forbidden");
    }
  });

  test("nobody decides on their own request: not with a second session, nor with a token, nor by a grant of rights", async () => {
    const own = await lead.ask(shop.id);
    const scopes = ["read", "request", "review", "administer"];
    const { secret } = await lead.post<NewTokenView>("/api/tokens", tokenOf(...scopes));
    const again = await Person.signIn(system.url, "tomoko-lind");
    const approve = { decision: "approve" };
    const path = `/api/requests/${own.id}/reviews`;
    expect(await outcome(again.call("POST", path, approve))).toBe("403 approval.own-request");
    expect(await outcome(lead.call("POST", path, approve, bearer(secret)))).toBe("403 approval.own-request");
    await lead.post(`/api/requests/${own.id}/cancel`);
  });

  test("a token does what its scopes say and nothing else", async () => {
    const { secret } = await engineer.post<NewTokenView>("/api/tokens", tokenOf("read"));
    for (const [method, path, body] of [
      [
        "POST",
        "/api/requests",
        { databaseId: shop.id, level: "read", durationMinutes: 5, reason: "by token" },
      ],
      ["POST", `/api/grants/${grant.id}/credential`, {}],
      ["POST", `/api/grants/${grant.id}/end`, {}],
      ["POST", "/api/tokens", tokenOf("read")],
      ["DELETE", `/api/tokens/tok_${nobodys}`, undefined],
      ["POST", "/api/sign-out", {}],
    ] as const) {
      expect([403, 404], path).toContain((await engineer.call(method, path, body, bearer(secret))).status);
    }
    expect((await engineer.call("GET", "/api/me", undefined, bearer(secret))).status).toBe(200);
    expect((await engineer.call("GET", "/api/me", undefined, bearer(`${secret.slice(0, -1)}_`))).status).toBe(
      401,
    );
  });

  test("a cursor of one list opens no other", async () => {
    const { nextCursor } = await auditor.get<{ nextCursor: string }>("/api/requests?view=all&limit=1");
    expect(await outcome(analyst.call("GET", `/api/requests?view=mine&cursor=${nextCursor}`))).toBe(
      "400 page.cursor",
    );
  });
});

describe("bad input", () => {
  const ask = () => ({ databaseId: shop.id, level: "read", durationMinutes: 5, reason: "as it should be" });
  test.each<[string, object]>([
    ["a schema with a quote", { scope: objects('public"; drop schema public; --') }],
    ["the system's catalog", { scope: objects("pg_catalog", "pg_authid") }],
    [
      "a hundred and one tables",
      { scope: { kind: "objects", objects: Array(101).fill({ schema: "public" }) } },
    ],
    ["text that runs backwards", { reason: "abc \u202e def" }],
    ["control characters", { reason: "a\u0000b" }],
    ["a minute and a half", { durationMinutes: 1.5 }],
    ["a duration beyond all policy", { durationMinutes: Number.MAX_SAFE_INTEGER }],
    ["a field of the prototype", JSON.parse('{"__proto__":{"level":"ddl"}}') as object],
    ["a field of the server's", { status: "approved" }],
  ])("is refused and leaves nothing: %s", async (_what, fields) => {
    const answer = await engineer.call("POST", "/api/requests", { ...ask(), ...fields });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).not.toMatch(/ at .*\.ts|node_modules/);
  });

  test("JSON of endless brackets and bodies of ten million bytes are refused", async () => {
    const sent = { "content-type": "application/json" };
    expect((await raw("POST", "/api/requests", sent, "[".repeat(100_000))).status).toBe(401);
    const deep = await engineer.call("POST", "/api/requests", { ...ask(), scope: nested(2_000) });
    expect(deep.status).toBe(400);
    const large = await engineer.call("POST", "/api/requests", { ...ask(), reason: "a".repeat(9_900_000) });
    expect(large.status).toBe(413);
  });
});

describe("races", () => {
  test("of approving twice, cancelling and rejecting at once, exactly one happens", async () => {
    const { id } = await engineer.ask(shop.id);
    const review = (body: object) => lead.call("POST", `/api/requests/${id}/reviews`, body);
    const answers = await Promise.all([
      review({ decision: "approve" }),
      review({ decision: "approve" }),
      review({ decision: "reject", comment: "not now" }),
      engineer.call("POST", `/api/requests/${id}/cancel`, {}),
    ]);
    expect(answers.map(({ status }) => status).toSorted(byNumber)).toEqual([200, 409, 409, 409]);
  });

  test("of extending, showing and ending at once, the end wins and the credential is dead", async () => {
    const { id } = await engineer.ask(staging.id, { durationMinutes: 5 });
    const mine = await engineer.grantIn(grantIdOf({ id }), ["active"], 20);
    const path = `/api/grants/${mine.id}`;
    const [extended, ended, again, shown] = await Promise.all([
      engineer.call("POST", `${path}/extensions`, { durationMinutes: 60, reason: "much longer" }),
      engineer.call("POST", `${path}/end`, {}),
      engineer.call("POST", `${path}/end`, {}),
      engineer.call("POST", `${path}/credential`, {}),
    ]);
    expect([ended.status, again.status].toSorted(byNumber)).toEqual([200, 409]);
    expect([201, 409]).toContain(extended.status);
    await engineer.grantIn(mine.id, ["revoked"], 30);
    if (shown.status === 200) {
      await expect(login(String(shown.body["uri"]))).rejects.toMatchObject({ code: "28P01" });
    }
  });
});

describe("the lent account", () => {
  test.each([
    "ALTER ROLE CURRENT_USER VALID UNTIL 'infinity'",
    "ALTER ROLE CURRENT_USER CONNECTION LIMIT -1",
    "ALTER ROLE CURRENT_USER CREATEROLE",
    "CREATE ROLE another LOGIN",
    "SET ROLE daypass_admin",
    "SET SESSION AUTHORIZATION postgres",
    "SELECT rolpassword FROM pg_authid",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT lo_import('/etc/passwd')",
    "COPY (SELECT 1) TO PROGRAM 'id'",
    "COPY orders TO '/tmp/orders'",
    "CREATE EXTENSION dblink",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE SCHEMA mine",
    "CREATE PUBLICATION everything FOR ALL TABLES",
    "SELECT pg_create_logical_replication_slot('mine', 'pgoutput')",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> current_user AND usename IS NOT NULL",
    "ALTER SYSTEM SET log_connections = off",
    "SET log_statement = 'none'",
  ])("cannot: %s", async (statement) => {
    await using session = await login(credential.uri);
    await expect(session.client.query(statement)).rejects.toMatchObject({ code: "42501" });
  });

  test("sees neither what others run nor another database of the company", async () => {
    const other = await analyst.ask(shop.id, { durationMinutes: 5 });
    await lead.approve(other.id);
    const theirs = await analyst.grantIn(grantIdOf(other), ["active"], 20);
    await using session = await login((await analyst.credential(theirs.id)).uri);
    await session.client.query("SELECT 'a secret of the analyst'");
    await using mine = await login(credential.uri);
    const { rows } = await mine.client.query(
      "SELECT query FROM pg_stat_activity WHERE usename <> current_user",
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain("secret of the analyst");
    for (const database of ["payroll", "shop_staging"]) {
      const elsewhere = login(credential.uri.replace("/shop?", `/${database}?`));
      await expect(elsewhere, database).rejects.toMatchObject({ code: "42501" });
    }
  });

  test("holds up its end neither with locks and open transactions nor by coming back again and again", async () => {
    const { id } = await engineer.ask(staging.id, { level: "ddl", durationMinutes: 5 });
    const mine = await engineer.grantIn(grantIdOf({ id }), ["active"], 20);
    const { uri } = await engineer.credential(mine.id);
    const { client } = await login(uri);
    await client.query("CREATE TABLE public.mine (id int)");
    await client.query("ALTER ROLE CURRENT_USER SET statement_timeout = 0");
    await client.query("BEGIN; LOCK TABLE public.mine IN ACCESS EXCLUSIVE MODE; SELECT pg_advisory_lock(42)");
    let isOver = false;
    const knocking = (async () => {
      while (!isOver)
        await login(uri).then(
          (session) => session[Symbol.asyncDispose](),
          () => undefined,
        );
    })();
    const endedAt = Date.now();
    await engineer.post(`/api/grants/${mine.id}/end`);
    await engineer.grantIn(mine.id, ["revoked"], 30);
    expect(Date.now() - endedAt).toBeLessThan(20_000);
    isOver = true;
    await knocking;
  });
});

test("whoever is suspended has no session, no token and no database account any more", async () => {
  const { id } = await analyst.ask(shop.id, { durationMinutes: 30 });
  await lead.approve(id);
  const theirs = await analyst.grantIn(grantIdOf({ id }), ["active"], 20);
  const { uri } = await analyst.credential(theirs.id);
  const { secret } = await analyst.post<NewTokenView>("/api/tokens", tokenOf("read", "credential"));
  const { user } = await analyst.get<MeView>("/api/me");
  const waiting = await analyst.ask(shop.id);
  await administrator.post(`/api/users/${user.id}/suspend`, { reason: "the laptop was stolen" });
  expect(await outcome(analyst.call("GET", "/api/me"))).toBe("403 user.suspended");
  expect(await outcome(analyst.call("GET", "/api/me", undefined, bearer(secret)))).toBe("403 user.suspended");
  expect(
    await outcome(lead.call("POST", `/api/requests/${waiting.id}/reviews`, { decision: "approve" })),
  ).toBe("409 request.requester-suspended");
  await administrator.grantIn(theirs.id, ["revoked"], 20);
  await expect(login(uri)).rejects.toMatchObject({ code: "28P01" });
});

test("what people wrote cannot become a formula in the export, nor a line of a log", async () => {
  const reason = '=HYPERLINK("https://evil.example")\nlevel: ERROR';
  const { id } = await engineer.ask(shop.id, { reason });
  const { body } = await auditor.call("GET", "/api/audit/export?format=csv&operation=request.create");
  const cells = String(body["text"])
    .split(/\r\n/)
    .flatMap((line) => line.split(","));
  expect(cells.filter((cell) => /^"?[=+@\t]/.test(cell))).toEqual([]);
  expect(await (await behind(system)).filesWith("evil.example")).not.toContain("log/api.jsonl");
  await engineer.post(`/api/requests/${id}/cancel`);
});

test("whoever signs in again and again has to wait, whatever addresses they claim", async () => {
  const codes = [];
  for (let count = 0; count < 31; count += 1) {
    const claimed = `198.51.100.${count}`;
    const headers = { "x-forwarded-for": claimed, "x-real-ip": claimed, forwarded: `for=${claimed}` };
    codes.push(/code=limit\.too-many/.exec((await raw("GET", "/api/sign-in", headers)).location)?.[0]);
  }
  expect(codes).toContain("code=limit.too-many");
});

function byNumber(one: number, other: number) {
  return one - other;
}

function bearer(secret: string) {
  return { authorization: `Bearer ${secret}`, cookie: "" };
}

function tokenOf(...scopes: string[]) {
  return { name: "of an attack", scopes, expiresInDays: 1 };
}

function objects(schema: string, table?: string) {
  return { kind: "objects", objects: [table === undefined ? { schema } : { schema, table }] };
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

async function login(connectionString: string) {
  const client = new pg.Client({ connectionString });
  client.on("error", () => undefined);
  await client.connect();
  return { client, [Symbol.asyncDispose]: () => client.end() };
}
