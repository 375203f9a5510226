import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pageSecurityHeaders } from "@daypass/functions/page-headers.ts";
import type { ApiEvent } from "@daypass/local/start/api-event.ts";
import { type FrontDoor, startFrontDoor } from "@daypass/local/start/front-door.ts";
import { readPageFiles } from "@daypass/local/start/page-files.ts";
import { afterAll, beforeAll, expect, it } from "vitest";

let folder: string;
let door: FrontDoor;
let seen: ApiEvent[] = [];
/** What the api function returns, or how it fails. */
let outcome: { payload: string; error?: unknown };
/** What its streaming twin writes. */
let streamed: (string | Uint8Array)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "daypass-page-"));
  await mkdir(join(folder, "assets"));
  await writeFile(join(folder, "index.html"), `<!doctype html><p>${"the page ".repeat(300)}`);
  await writeFile(join(folder, "assets/app-1a2b3c.js"), "export {};");
  await writeFile(join(folder, ".built-from"), "hidden");
  door = await startFrontDoor(24400, false);
  expect((await fetch(door.origin)).status, "before it is opened").toBe(503);
  const files = await readPageFiles(folder);
  const pageHeaders = pageSecurityHeaders("http://127.0.0.1:4401");
  door.open({
    files,
    pageHeaders,
    streamApi: async (event, _id, stream) => {
      seen.push(event);
      for (const chunk of streamed) stream.write(chunk);
      stream.end();
      return outcome.error;
    },
    invokeApi: async (event) => {
      seen.push(event);
      return outcome;
    },
  });
});
afterAll(async () => {
  await door.close();
  await rm(folder, { recursive: true });
});

/** Sends the path and the Host as they are, which fetch does not. */
function raw(path: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port: door.port, path, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.once("error", reject).end();
  });
}

it("gives a request to the api function as an event, and its answer back", async () => {
  seen = [];
  outcome = {
    payload: JSON.stringify({
      statusCode: 201,
      headers: { "x-a": "1" },
      cookies: ["s=1; HttpOnly", "t=2"],
      body: "made",
    }),
  };
  const answer = await fetch(`${door.origin}/api/requests?x=1`, {
    method: "POST",
    headers: { "content-type": "application/json", cookie: "s=0" },
    body: '{"a":1}',
  });
  expect(seen).toMatchObject([
    {
      rawPath: "/api/requests",
      rawQueryString: "x=1",
      cookies: ["s=0"],
      body: '{"a":1}',
      requestContext: { http: { method: "POST" } },
    },
  ]);
  expect([answer.status, answer.headers.get("x-a"), await answer.text()]).toEqual([201, "1", "made"]);
  expect(answer.headers.getSetCookie()).toEqual(["s=1; HttpOnly", "t=2"]);
});

it.each([
  [500, "the function fails", { payload: "{}", error: { errorType: "Error" } }],
  [503, "the function takes too long", { payload: "{}", error: { errorType: "Sandbox.Timedout" } }],
  [500, "the function returns nonsense", { payload: '{"statusCode":"never"}' }],
])("answers %i when %s, and says nothing of why", async (status, _, failing) => {
  outcome = failing;
  const answer = await fetch(`${door.origin}/api/me`);
  expect(answer.status).toBe(status);
  expect(Object.keys(JSON.parse(await answer.text()))).toEqual(["message"]);
});

it.each([
  ["10 MB at the gateway", 10_000_001],
  ["6 MB at the function, counted in base64", 5_000_000],
])("refuses a body above %s without calling the function", async (_, bytes) => {
  seen = [];
  const answer = await fetch(`${door.origin}/api/requests`, { method: "POST", body: new Uint8Array(bytes) });
  expect(answer.status).toBe(413);
  expect(seen).toEqual([]);
});

it("shows the page at every address of the page, to be asked for again, under a strict policy", async () => {
  const answer = await fetch(`${door.origin}/grants/grt_1?tab=story`, {
    headers: { "accept-encoding": "gzip, br" },
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(answer.headers.get("cache-control")).toBe("no-cache");
  expect(answer.headers.get("content-encoding")).toBe("br");
  const policy = answer.headers.get("content-security-policy") ?? "";
  expect(policy).toMatch(/default-src 'none'; script-src 'self'; style-src 'self'/);
  expect(policy).not.toMatch(/unsafe/);
  const again = await fetch(`${door.origin}/`, {
    headers: { "if-none-match": answer.headers.get("etag") ?? "" },
  });
  expect(again.status).toBe(304);
});

it("lets browsers keep files whose name is made from their content", async () => {
  const answer = await fetch(`${door.origin}/assets/app-1a2b3c.js`);
  expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(answer.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
});

it.each([
  "/assets/gone.js",
  "/.built-from",
  "/../package.json",
  "/%2e%2e/%2e%2e/etc/passwd.txt",
  "//evil.example/x.js",
])("has no file at %s", async (path) => {
  expect(await raw(path, { host: `127.0.0.1:${door.port}` })).toBe(404);
});

it("answers under its own name alone", async () => {
  expect(await raw("/", { host: "rebound.example" })).toBe(421);
  const answer = await fetch(`http://localhost:${door.port}/databases`, { redirect: "manual" });
  expect([answer.status, answer.headers.get("location")]).toEqual([308, `${door.origin}/databases`]);
});

it("says clearly that a port asked for is taken, and else takes the next one", async () => {
  const squatter = createServer().listen(0, "127.0.0.1");
  await once(squatter, "listening");
  const address = squatter.address();
  const port = typeof address === "object" && address ? address.port : 0;
  await expect(startFrontDoor(port, true)).rejects.toThrow(`Port ${port} is in use by another program.`);
  const next = await startFrontDoor(port, false);
  expect(next.port).toBeGreaterThan(port);
  await next.close();
  squatter.close();
});

it("tells the page what this machine has to say, as text", async () => {
  const noted = await mkdtemp(join(tmpdir(), "daypass-noted-"));
  await writeFile(join(noted, "index.html"), "<head><title>x</title></head>");
  const files = await readPageFiles(noted, `no "server" <here> & $& there`);
  expect(files("/settings/instances")?.body.toString()).toBe(
    '<head><title>x</title><meta name="daypass-note" content="no &quot;server&quot; &lt;here> &amp; $&amp; there"></head>',
  );
  await rm(noted, { recursive: true });
});

const prelude = (head: object) => [JSON.stringify(head), new Uint8Array(8)];

it("lets the streaming twin answer what outgrows a buffered answer, chunk by chunk", async () => {
  seen = [];
  outcome = { payload: "" };
  const large = "line\n".repeat(2_000_000);
  streamed = [...prelude({ statusCode: 200, headers: { "x-a": "1" }, cookies: ["s=1"] }), "first,", large];
  const answer = await fetch(`${door.origin}/api/audit/export?format=csv`, {
    headers: { authorization: "Bearer dpt_1" },
  });
  expect([answer.status, answer.headers.get("x-a"), answer.headers.getSetCookie()]).toEqual([
    200,
    "1",
    ["s=1"],
  ]);
  expect(await answer.text()).toBe(`first,${large}`);
  expect(seen).toMatchObject([
    { rawQueryString: "format=csv", headers: { "x-daypass-authorization": "Bearer dpt_1" } },
  ]);
  expect(seen[0]?.headers).not.toHaveProperty("authorization");
});

it("breaks off an answer that the twin broke off, and says 502 to one that never began", async () => {
  outcome = { payload: "", error: { errorType: "Error" } };
  streamed = [...prelude({ statusCode: 200 }), "half"];
  await expect(fetch(`${door.origin}/api/audit/export`).then((answer) => answer.text())).rejects.toThrow();
  streamed = [];
  expect((await fetch(`${door.origin}/api/audit/export`)).status).toBe(502);
});
