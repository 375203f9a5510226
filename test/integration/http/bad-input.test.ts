import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Registered, register } from "../registered.ts";
import { type Api, type Client, createApi } from "./api.ts";

let api: Api;
let registered: Registered;
let engineer: Client;
let analyst: Client;
let administrator: Client;
let ask: Record<string, unknown>;
let before: number;

beforeAll(async () => {
  api = await createApi();
  registered = await register(api.world);
  [engineer, analyst, administrator] = await Promise.all([
    api.page("engineer"),
    api.page("analyst"),
    api.page("administrator"),
  ]);
  ask = {
    databaseId: registered.database.id,
    level: "read",
    durationMinutes: 60,
    reason: "look at order 42",
  };
});
afterAll(() => api.world.close());
beforeEach(async () => {
  before = await api.items();
});

/** Nothing was written: no request, no grant, no event, no session. */
const leavesNothing = async () => expect(await api.items()).toBe(before);
const unknown = "01JD8Z5K3QW8R4T6Y2X9V7B1CN";

describe("a request that makes no sense is refused with 400 and leaves nothing behind", () => {
  test.each<[string, object]>([
    ["a wrong type", { durationMinutes: "60" }],
    ["a missing field", { level: undefined }],
    ["an unknown field", { approved: true }],
    ["somebody else's name in it", { requesterId: `usr_${unknown}` }],
    ["an unknown level", { level: "superuser" }],
    ["a reason of spaces", { reason: "     \t\n " }],
    ["a reason of punctuation", { reason: "...!" }],
    ["a reason with control characters", { reason: "look\u0000at it" }],
    ["a reason that is too long", { reason: "x".repeat(2001) }],
    ["a negative duration", { durationMinutes: -5 }],
    ["no duration", { durationMinutes: 0 }],
    ["a fraction of a minute", { durationMinutes: 1.5 }],
    ["a huge duration", { durationMinutes: 1e9 }],
    ["a duration that is no number", { durationMinutes: null }],
    ["an identifier of another kind", { databaseId: `grt_${unknown}` }],
    ["an identifier that is none", { databaseId: "../../etc" }],
    ["an empty scope", { scope: { kind: "objects", objects: [] } }],
    ["a scope of another shape", { scope: "everything" }],
    ["a prototype", { ["__proto__x"]: {} }],
  ])("%s", async (_what, change) => {
    const answer = await engineer.send("POST", "/api/requests", { ...ask, ...change });
    expect(answer).toMatchObject({ status: 400, body: { status: 400, code: "input.invalid" } });
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.body["issues"]).toContainEqual({ path: expect.any(String), message: expect.any(String) });
    await leavesNothing();
  });

  test.each([
    ["malformed JSON", '{"databaseId": '],
    ["no JSON object", '"text"'],
    ["nothing", ""],
    ["an array", "[]"],
  ])("%s", async (_what, text) => {
    expect(await engineer.send("POST", "/api/requests", text)).toMatchObject({ status: 400 });
    await leavesNothing();
  });

  test.each([
    "application/x-www-form-urlencoded",
    "text/plain",
    "multipart/form-data; boundary=x",
    "application/xml",
  ])("%s is answered with 415", async (type) => {
    const answer = await engineer.send("POST", "/api/requests", "reason=x", { "content-type": type });
    expect(answer).toMatchObject({ status: 415, body: { code: "http.media-type" } });
    await leavesNothing();
  });

  test("10 MB are answered with 413", async () => {
    const answer = await engineer.send("POST", "/api/requests", { ...ask, reason: "x".repeat(10_000_000) });
    expect(answer).toMatchObject({ status: 413, body: { code: "http.too-large" } });
    await leavesNothing();
  });

  test("a body larger than it says is answered with 413", async () => {
    const text = JSON.stringify({ ...ask, reason: "x".repeat(300_000) });
    expect(await engineer.send("POST", "/api/requests", text, { "content-length": "10" })).toMatchObject({
      status: 413,
    });
  });

  test("fields for a change that takes none are refused", async () => {
    const answer = await engineer.send("POST", `/api/requests/req_${unknown}/cancel`, { force: true });
    expect(answer).toMatchObject({ status: 400, body: { code: "input.invalid" } });
    await leavesNothing();
  });

  test.each([
    "/api/requests?view=everything",
    "/api/requests?view=mine&status=open",
    "/api/requests?view=mine&owner=me",
    "/api/requests?view=mine&view=all",
    "/api/requests?view=mine&limit=0",
    "/api/requests?view=mine&limit=101",
    "/api/requests?view=mine&limit=1e3x",
    "/api/requests?view=mine&cursor=%27%3Bdrop",
    "/api/requests?view=mine&cursor=abcd",
    "/api/grants?view=yours",
    "/api/databases?unknown=1",
    "/api/requests/req_1",
    "/api/requests/%00",
    "/api/grants/req_01JD8Z5K3QW8R4T6Y2X9V7B1CN",
  ])("%s is answered with 400", async (path) => {
    expect(await engineer.get(path)).toMatchObject({ status: 400 });
    await leavesNothing();
  });

  test("a cursor of another list, or one that was changed, is answered with 400", async () => {
    const page = await administrator.get("/api/audit?limit=1");
    const cursor = String(page.body["nextCursor"]);
    expect(cursor.length).toBeGreaterThan(10);
    for (const bad of [cursor.slice(0, -6), `A${cursor}`, Buffer.from('{"pk":"x"}').toString("base64url")]) {
      expect(await engineer.get(`/api/requests?view=mine&cursor=${bad}`), bad).toMatchObject({ status: 400 });
      expect(await administrator.get(`/api/audit?limit=1&cursor=${bad}`), bad).toMatchObject({ status: 400 });
    }
    expect(await engineer.get(`/api/requests?view=mine&cursor=${cursor}`)).toMatchObject({ status: 400 });
    await leavesNothing();
  });
});

describe("what does not exist and what is not one's own look the same", () => {
  test.each([
    ["GET", `/api/requests/req_${unknown}`],
    ["POST", `/api/requests/req_${unknown}/cancel`],
    ["GET", `/api/grants/grt_${unknown}`],
    ["POST", `/api/grants/grt_${unknown}/credential`],
    ["POST", `/api/grants/grt_${unknown}/end`],
    ["GET", `/api/databases/dbs_${unknown}`],
  ])("%s %s is answered with 404", async (method, path) => {
    const answer = method === "GET" ? await engineer.get(path) : await engineer.send(method, path);
    expect(answer).toMatchObject({ status: 404, body: { code: "not-found" } });
    await leavesNothing();
  });

  test("another person's request is answered with the same 404, and the attempt is on record", async () => {
    const filed = await engineer.send("POST", "/api/requests", {
      ...ask,
      reason: "for the test of strangers",
    });
    const path = `/api/requests/${String(filed.body["id"])}`;
    const mine = await engineer.get(path);
    const missing = await analyst.get(`/api/requests/req_${unknown}`);
    expect(mine.status).toBe(200);
    const { events } = await api.world.watch(async () => {
      for (const theirs of [
        await analyst.get(path),
        await analyst.send("POST", `${path}/cancel`),
        await analyst.send("POST", `${path}/reviews`, { decision: "approve" }),
      ]) {
        expect(theirs).toMatchObject({ status: 404, body: { detail: missing.body["detail"] } });
      }
    });
    expect(events.map(({ operation, outcome }) => `${operation} ${outcome}`)).toEqual([
      "request.read denied",
      "request.cancel denied",
      "request.review denied",
    ]);
    expect((await engineer.get(path)).body).toMatchObject({
      status: "pending",
      version: mine.body["version"],
    });
  });

  test("the requester is told why they may not approve, and cannot", async () => {
    const filed = await engineer.send("POST", "/api/requests", { ...ask, reason: "for the test of oneself" });
    const path = `/api/requests/${String(filed.body["id"])}`;
    expect(await engineer.send("POST", `${path}/reviews`, { decision: "approve" })).toMatchObject({
      status: 403,
    });
    expect((await engineer.get(path)).body).toMatchObject({ status: "pending", may: { review: false } });
  });

  test("a policy that does not match is answered with 403 and its reasons", async () => {
    const answer = await analyst.send("POST", "/api/requests", ask);
    expect(answer).toMatchObject({
      status: 403,
      body: { code: "request.refused", reasons: [expect.any(String)] },
    });
  });

  test("administration is answered with 403 to members", async () => {
    for (const path of [
      "/api/audit",
      "/api/instances",
      "/api/policies",
      "/api/users",
      "/api/grants?view=all",
    ]) {
      expect(await engineer.get(path), path).toMatchObject({ status: 403, body: { code: "forbidden" } });
    }
    const policy = { name: "Mine", effect: "allow" };
    expect((await engineer.send("POST", "/api/policies", policy)).status).toBe(400);
    const { environment } = registered;
    const change = { name: "prod", rank: 1, protected: false, version: 1 };
    expect(await engineer.send("PUT", `/api/environments/${environment.id}`, change)).toMatchObject({
      status: 403,
    });
    expect(await engineer.send("DELETE", `/api/environments/${environment.id}?version=1`)).toMatchObject({
      status: 403,
    });
  });

  test("a version that is no longer current is answered with 409", async () => {
    const { environment } = registered;
    const change = { name: "production", rank: 31, protected: true, version: 7 };
    expect(await administrator.send("PUT", `/api/environments/${environment.id}`, change)).toMatchObject({
      status: 409,
    });
    expect(await administrator.send("DELETE", `/api/environments/${environment.id}?version=7`)).toMatchObject(
      { status: 409 },
    );
    expect(await administrator.send("DELETE", `/api/environments/${environment.id}`)).toMatchObject({
      status: 400,
    });
    await leavesNothing();
  });
});

describe("sending the same request again", () => {
  test("with its Idempotency-Key returns the one that it made", async () => {
    const key = { "idempotency-key": "one-click" };
    const body = { ...ask, reason: "sent twice by a nervous browser" };
    const first = await engineer.send("POST", "/api/requests", body, key);
    const second = await engineer.send("POST", "/api/requests", body, key);
    expect(first.status).toBe(201);
    expect(second.body["id"]).toBe(first.body["id"]);
    const other = await engineer.send("POST", "/api/requests", { ...body, durationMinutes: 5 }, key);
    expect(other).toMatchObject({ status: 409, body: { code: "idempotency.reused" } });
  });

  test("a key that is none is refused", async () => {
    const answer = await engineer.send("POST", "/api/requests", ask, { "idempotency-key": "x".repeat(129) });
    expect(answer).toMatchObject({ status: 400 });
    await leavesNothing();
  });
});
