import { describe, expect, test } from "vitest";
import { createApp } from "./app.ts";
import type { ApiParts } from "./parts.ts";

const nobody = () => {
  throw new Error("no context is needed to be refused");
};
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const secret = "s".repeat(32);

function appWith(parts: Partial<ApiParts>) {
  return createApp({
    origin: "https://daypass.example.com",
    version: "1.2.3",
    perMinute: { signIns: 1, changes: 1, previews: 1 },
    logFor: () => quiet,
    contextFor: nobody,
    ...parts,
  });
}

describe("behind CloudFront", () => {
  const app = appWith({ frontDoor: { isKnown: async (sent) => sent === secret } });
  const ask = (path: string, headers: Record<string, string>) => app.request(path, { headers });

  test.each(["/api/health", "/api/openapi.json", "/api/me", "/api/sign-in", "/nothing"])(
    "%s is refused to whoever came past it",
    async (path) => {
      for (const headers of [{}, { "x-daypass-origin-secret": "guess" }]) {
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
