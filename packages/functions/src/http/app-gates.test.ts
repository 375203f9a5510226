import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createApp } from "./app.ts";
import type { ApiParts } from "./parts.ts";

const nobody = () => {
  throw new Error("no context is needed to be refused");
};
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const secret = "s".repeat(32);
const digest = createHash("sha256").update(secret).digest("hex");

function appWith(parts: Partial<ApiParts>) {
  return createApp({
    origin: "https://daypass.example.com",
    version: "1.2.3",
    perMinute: { signIns: 1, changes: 1, previews: 1 },
    originSecretDigests: [],
    countFault: () => undefined,
    logFor: () => quiet,
    contextFor: nobody,
    ...parts,
  });
}

describe("behind CloudFront", () => {
  const app = appWith({ originSecretDigests: ["0".repeat(64), digest] });
  const ask = (path: string, headers: Record<string, string>) => app.request(path, { headers });

  test.each(["/api/health", "/api/openapi.json", "/api/me", "/api/sign-in", "/nothing"])(
    "%s is refused to whoever came past it",
    async (path) => {
      for (const headers of [
        {},
        { "x-daypass-origin-secret": "guess" },
        { "x-daypass-origin-secret": digest },
      ]) {
        const answer = await ask(path, headers);
        expect(answer.status).toBe(403);
        expect(await answer.json()).toMatchObject({ code: "http.front-door" });
        expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      }
    },
  );

  test("what it vouches for is answered", async () => {
    expect((await ask("/api/health", { "x-daypass-origin-secret": secret })).status).toBe(200);
  });

  test.each([
    ["198.51.100.7", "198.51.100.7"],
    ["2001:db8::c4a", "2001:db8::c4a"],
    ["198.51.100.7, 192.0.2.1", undefined],
    ["198.51.100.7:443", undefined],
    ["example.com", undefined],
    ["", undefined],
  ])("the viewer %s comes from %s", async (sent, seen) => {
    let sourceIp: string | undefined = "not asked";
    const asking = appWith({
      originSecretDigests: [digest],
      contextFor: (call) => {
        sourceIp = call.sourceIp;
        return nobody();
      },
    });
    const headers = { "x-daypass-origin-secret": secret, "x-daypass-viewer-address": sent };
    await asking.request("/api/me", { headers });
    expect(sourceIp).toBe(seen);
  });

  test("without CloudFront nobody's word is taken for an address", async () => {
    let sourceIp: string | undefined = "not asked";
    const asking = appWith({
      contextFor: (call) => {
        sourceIp = call.sourceIp;
        return nobody();
      },
    });
    await asking.request("/api/me", { headers: { "x-daypass-viewer-address": "198.51.100.7" } });
    expect(sourceIp).toBeUndefined();
  });
});

describe("the streaming twin", () => {
  const app = appWith({ onlyStreamed: true });

  test.each(["/api/health", "/api/sign-in", "/api/me", "/api/grants", "/api/audit", "/api/audit/export/"])(
    "%s is not there",
    async (path) => {
      expect((await app.request(path)).status).toBe(404);
    },
  );

  test.each(["POST", "PUT", "DELETE", "OPTIONS"])("%s is refused", async (method) => {
    const answer = await app.request("/api/audit/export", { method });
    expect(answer.status).toBe(405);
  });
});
