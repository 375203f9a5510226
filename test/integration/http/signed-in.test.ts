import { csrfTokenOf } from "@daypass/core/identity/session.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { register } from "../registered.ts";
import { type Api, createApi } from "./api.ts";

let api: Api;
let ask: Record<string, unknown>;
beforeAll(async () => {
  api = await createApi();
  const { database } = await register(api.world);
  ask = { databaseId: database.id, level: "read", durationMinutes: 60, reason: "look at order 42" };
});
afterAll(() => api.world.close());

const origin = "https://daypass.example.com";

describe("nobody gets in without being signed in", () => {
  test("every route but health, the document and sign-in answers with 401, and leaves nothing behind", async () => {
    const before = await api.items();
    const document = await api.bare.get("/api/openapi.json");
    const paths = document.body["paths"] as Record<string, Record<string, { security?: unknown[] }>>;
    let checked = 0;
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, route] of Object.entries(methods)) {
        if (route.security?.length === 0) continue;
        checked += 1;
        const address = path.replace("{id}", "req_01JD8Z5K3QW8R4T6Y2X9V7B1CN");
        const answer = await api.bare.send(method.toUpperCase(), address);
        expect(answer, `${method} ${path}`).toMatchObject({
          status: 401,
          body: { code: "session.required" },
        });
        expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="daypass"');
      }
    }
    expect(checked).toBeGreaterThan(40);
    expect(await api.items()).toBe(before);
  });

  test("health and the document are open", async () => {
    expect(await api.bare.get("/api/health")).toMatchObject({ status: 200, body: { status: "ok" } });
    expect(await api.bare.get("/api/openapi.json")).toMatchObject({
      status: 200,
      body: { openapi: "3.1.0" },
    });
  });

  test.each([
    ["a cookie that is none", { cookie: "__Host-daypass=x" }],
    ["a very long cookie", { cookie: `__Host-daypass=${"x".repeat(4000)}` }],
    ["a cookie without its prefix", { cookie: "daypass=x" }],
    ["a token that is none", { authorization: "Bearer dpt_x" }],
    ["another scheme", { authorization: "Basic YTpi" }],
    ["an empty token", { authorization: "Bearer " }],
  ])("%s is answered with 401", async (_what, headers) => {
    expect(await api.bare.get("/api/me", headers as Record<string, string>)).toMatchObject({ status: 401 });
  });

  test("a session that was left alone for too long is over", async () => {
    const engineer = await api.page("engineer");
    expect((await engineer.get("/api/me")).status).toBe(200);
    api.world.clock.advance({ hours: 9 });
    const before = await api.items();
    expect(await engineer.get("/api/me")).toMatchObject({ status: 401, body: { code: "session.ended" } });
    expect(await engineer.send("POST", "/api/requests", ask)).toMatchObject({ status: 401 });
    expect(await api.items()).toBe(before);
  });

  test("a person who is suspended meanwhile is refused at once", async () => {
    const [analyst, administrator] = await Promise.all([api.page("analyst"), api.page("administrator")]);
    const { id } = api.world.people.analyst;
    expect((await administrator.send("POST", `/api/users/${id}/suspend`, { reason: "left" })).status).toBe(
      200,
    );
    expect(await analyst.get("/api/me")).toMatchObject({ status: 403, body: { code: "user.suspended" } });
    expect((await administrator.send("POST", `/api/users/${id}/reinstate`)).status).toBe(200);
    expect(await analyst.get("/api/me")).toMatchObject({ status: 401, body: { code: "session.ended" } });
  });
});

describe("another site cannot make changes", () => {
  const signedIn = async () => {
    await api.page("engineer");
    const secret = api.cookies.get("engineer") ?? "";
    return { cookie: `__Host-daypass=${secret}`, "x-daypass-csrf": csrfTokenOf(secret) };
  };

  test.each<[string, Record<string, string | undefined>]>([
    ["no token", { origin, "x-daypass-csrf": undefined }],
    ["a token that is wrong", { origin, "x-daypass-csrf": "x" }],
    ["another origin", { origin: "https://evil.example.com" }],
    ["our origin over another scheme", { origin: "http://daypass.example.com" }],
    ["an opaque origin", { origin: "null" }],
    ["no origin at all", {}],
    ["a sibling site", { "sec-fetch-site": "same-site" }],
    [
      "another origin that claims to be ours",
      { origin: "https://evil.example.com", "sec-fetch-site": "same-origin" },
    ],
  ])("%s is answered with 403, and nothing is written", async (_what, change) => {
    const headers = { ...(await signedIn()), ...change };
    const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
    const before = await api.items();
    const answer = await api.bare.send("POST", "/api/requests", ask, given as Record<string, string>);
    expect(answer.status).toBe(403);
    expect(answer.body["code"]).toMatch(/^csrf\./);
    expect(await api.items()).toBe(before);
  });

  test("a form of another site is refused", async () => {
    const { cookie } = await signedIn();
    const headers = {
      cookie,
      origin: "https://evil.example.com",
      "content-type": "application/x-www-form-urlencoded",
    };
    const before = await api.items();
    expect((await api.bare.send("POST", "/api/requests", "reason=x", headers)).status).toBeGreaterThanOrEqual(
      400,
    );
    expect(await api.items()).toBe(before);
  });

  test.each([{ origin }, { "sec-fetch-site": "same-origin" }])(
    "our own page is let through (%j)",
    async (own) => {
      const headers = { ...(await signedIn()), ...own } as Record<string, string>;
      const ours = { ...ask, reason: `as ${JSON.stringify(own)}` };
      expect((await api.bare.send("POST", "/api/requests", ours, headers)).status).toBe(201);
    },
  );

  test("a token of another session is of no use", async () => {
    const { cookie } = await signedIn();
    await api.page("lead");
    const stolen = csrfTokenOf(api.cookies.get("lead") ?? "");
    const answer = await api.bare.send("POST", "/api/requests", ask, {
      cookie,
      origin,
      "x-daypass-csrf": stolen,
    });
    expect(answer).toMatchObject({ status: 403, body: { code: "csrf.token" } });
  });
});

describe("personal access tokens", () => {
  test("one works as a bearer without a CSRF token, within its scopes, and not beside a cookie", async () => {
    const engineer = await api.page("engineer");
    const made = await engineer.send("POST", "/api/tokens", {
      name: "ci",
      scopes: ["read"],
      expiresInDays: 1,
    });
    expect(made.status).toBe(201);
    const bearer = { authorization: `Bearer ${String(made.body["secret"])}` };
    expect(await api.bare.get("/api/me", bearer)).toMatchObject({ status: 200, body: { csrfToken: null } });
    expect(await api.bare.send("POST", "/api/requests", ask, bearer)).toMatchObject({
      status: 403,
      body: { code: "token.scope" },
    });
    const cookie = `__Host-daypass=${api.cookies.get("engineer")}`;
    expect(await api.bare.get("/api/me", { cookie, authorization: "Bearer dpt_bad" })).toMatchObject({
      status: 401,
    });
    expect((await engineer.send("DELETE", `/api/tokens/${String(made.body["id"])}`)).status).toBe(204);
    expect(await api.bare.get("/api/me", bearer)).toMatchObject({ status: 401 });
    expect(JSON.stringify(api.logLines)).not.toContain(String(made.body["secret"]));
  });
});

describe("every answer", () => {
  test("has the security headers, is never kept, and carries its id, which is in its log line too", async () => {
    const engineer = await api.page("engineer");
    const answers = [
      await engineer.get("/api/me"),
      await api.bare.get("/api/health"),
      await api.bare.get("/api/nowhere"),
      await api.bare.get("/elsewhere"),
      await api.bare.send("PATCH", "/api/health"),
      await engineer.send("POST", "/api/requests", "{"),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 401, 404, 405, 400]);
    for (const { headers, body, status } of answers) {
      const id = headers.get("x-request-id");
      expect(id).toMatch(/^call-\d+$/);
      if (status >= 400) expect(body["requestId"]).toBe(id);
      expect(api.logLines.find((line) => line["requestId"] === id)).toMatchObject({
        message: "request",
        status,
      });
      expect(Object.fromEntries(headers)).toMatchObject({
        "content-security-policy": expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/),
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
        "strict-transport-security": expect.stringContaining("max-age="),
      });
      expect(headers.get("access-control-allow-origin")).toBeNull();
    }
  });

  test("an id from outside is not taken over", async () => {
    const { headers } = await api.bare.get("/api/health", {
      "x-request-id": "mine",
      "x-amzn-trace-id": "mine",
    });
    expect(headers.get("x-request-id")).toMatch(/^call-/);
  });

  test("the log names route, status and person, and never what was asked", async () => {
    const administrator = await api.page("administrator");
    await administrator.get("/api/users?q=hunter2");
    const line = api.logLines.at(-1);
    expect(line).toMatchObject({
      message: "request",
      method: "GET",
      route: "/api/users",
      status: 200,
      actorId: api.world.people.administrator.id,
      ms: expect.any(Number),
    });
    expect(JSON.stringify(api.logLines)).not.toMatch(/hunter2|__Host|Erin|example\.com/);
  });

  test("another method is answered with 405 and those that there are", async () => {
    const engineer = await api.page("engineer");
    const answer = await engineer.send("PUT", "/api/requests", {});
    expect(answer).toMatchObject({ status: 405, body: { code: "http.method" } });
    expect(answer.headers.get("allow")?.split(", ").toSorted()).toEqual(["GET", "HEAD", "POST"]);
  });
});

describe("a fault of ours", () => {
  test("is answered with 500 and the request's id alone, and logged by class and place", async () => {
    const broken = await createApi((parts) => ({
      ...parts,
      contextFor: (call) => ({
        ...parts.contextFor(call),
        privileges: () => {
          throw new RangeError("password hunter2 at postgres://a:b@c");
        },
      }),
    }));
    const { database } = await register(broken.world);
    const engineer = await broken.page("engineer");
    const question = { databaseId: database.id, level: "read", durationMinutes: 60 };
    const answer = await engineer.send("POST", "/api/requests/preview", question);
    expect(answer).toMatchObject({ status: 500, body: { code: "internal", title: "Internal Server Error" } });
    expect(answer.text).not.toMatch(/hunter2|RangeError|postgres/);
    expect(broken.logLines).toContainEqual(
      expect.objectContaining({ level: "error", message: "request failed", error: "RangeError" }),
    );
    expect(JSON.stringify(broken.logLines)).not.toContain("hunter2");
    await broken.world.close();
  });
});

describe("too much", () => {
  test("a person who asks too often is told when to come again, others are not", async () => {
    const narrow = await createApi((parts) => ({
      ...parts,
      perMinute: { signIns: 2, changes: 3, previews: 2 },
    }));
    const { database } = await register(narrow.world);
    const [engineer, lead] = await Promise.all([narrow.page("engineer"), narrow.page("lead")]);
    const question = { databaseId: database.id, level: "read", durationMinutes: 60 };
    const preview = () => engineer.send("POST", "/api/requests/preview", question);
    expect((await preview()).status).toBe(200);
    expect((await preview()).status).toBe(200);
    const third = await preview();
    expect(third).toMatchObject({ status: 429, body: { code: "limit.too-many" } });
    expect(Number(third.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await lead.send("POST", "/api/requests/preview", question)).status).toBe(200);
    for (let count = 0; count < 3; count += 1) {
      await engineer.send("POST", "/api/requests", { ...question, reason: `number ${count} of three` });
    }
    const before = await narrow.items();
    const token = { name: "one too many", scopes: ["read"], expiresInDays: 1 };
    expect((await engineer.send("POST", "/api/tokens", token)).status).toBe(429);
    const nobodys = "/api/grants/grt_01JD8Z5K3QW8R4T6Y2X9V7B1CN";
    expect((await engineer.send("POST", `${nobodys}/retry`)).status).toBe(429);
    const fourth = await engineer.send("POST", "/api/requests", { ...question, reason: "one too many" });
    expect(fourth.status).toBe(429);
    expect(await narrow.items()).toBe(before);
    narrow.world.clock.advance({ minutes: 1 });
    expect((await preview()).status).toBe(200);
    await narrow.world.close();
  });

  test("an address that signs in too often is sent to the page that says so", async () => {
    const narrow = await createApi((parts) => ({
      ...parts,
      perMinute: { signIns: 2, changes: 3, previews: 2 },
    }));
    const codes: (string | null)[] = [];
    for (let count = 0; count < 3; count += 1) {
      const answer = await narrow.bare.get("/api/sign-in", { "x-forwarded-for": `198.51.100.${count}` });
      expect(answer.status).toBe(302);
      codes.push(new URL(answer.headers.get("location") ?? "").searchParams.get("code"));
    }
    expect(codes).toEqual(["internal", "internal", "limit.too-many"]);
    await narrow.world.close();
  });
});
