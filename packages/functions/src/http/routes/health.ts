import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import type { ApiParts } from "../parts.ts";
import { answers, routes } from "./describe.ts";

const health = createRoute({
  operationId: "health",
  summary: "Whether the API answers",
  tags: ["health"],
  method: "get",
  path: "/health",
  responses: answers(200, "It does", z.strictObject({ status: z.literal("ok"), version: z.string() })),
});

export function healthRoutes({ version }: ApiParts) {
  return routes().openapi(health, (c) => c.json({ status: "ok" as const, version }, 200));
}
