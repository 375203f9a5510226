import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ApiEnv } from "./parts.ts";
import { problemView } from "./problem.ts";

/** The description of the API in OpenAPI 3.1. Every route may answer with a problem; all but those named in
 * `open` want the session's cookie or a personal access token. */
export function openApiDocument(
  api: OpenAPIHono<ApiEnv>,
  { version, open }: { version: string; open: readonly string[] },
) {
  api.openAPIRegistry.register("Problem", problemView);
  const document = api.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Daypass",
      version,
      description: "Lends people real database accounts for as long as they were approved for.",
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    servers: [{ url: "/" }],
    security: [{ session: [] }, { token: [] }],
  });
  const problem = {
    description: "A problem (RFC 9457)",
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
  };
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of ["get", "post", "put", "delete"] as const) {
      const operation = item[method];
      if (!operation) continue;
      operation.responses = { ...operation.responses, default: problem };
      if (open.includes(path)) operation.security = [];
    }
  }
  return {
    ...document,
    components: {
      ...document.components,
      securitySchemes: {
        session: {
          type: "apiKey",
          in: "cookie",
          name: "__Host-daypass",
          description: "Set by signing in; changes need the header X-Daypass-Csrf, which GET /api/me tells",
        },
        token: { type: "http", scheme: "bearer", description: "Personal access token, dpt_…" },
      },
    },
  };
}
