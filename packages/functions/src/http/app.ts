import { OpenAPIHono } from "@hono/zod-openapi";
import { methodNotAllowed } from "hono/method-not-allowed";
import { describeError } from "../log.ts";
import { answering } from "./answering.ts";
import { bodyGuard } from "./body-guard.ts";
import { throughFrontDoor } from "./front-door.ts";
import { openApiDocument } from "./openapi-document.ts";
import type { ApiEnv, ApiParts } from "./parts.ts";
import { HttpProblem, isFault, problemResponse } from "./problem.ts";
import { auditRoutes } from "./routes/audit.ts";
import { databaseRoutes } from "./routes/database.ts";
import { environmentRoutes } from "./routes/environment.ts";
import { grantRoutes } from "./routes/grant.ts";
import { healthRoutes } from "./routes/health.ts";
import { instanceRoutes } from "./routes/instance.ts";
import { networkRoutes } from "./routes/network.ts";
import { policyRoutes } from "./routes/policy.ts";
import { reconciliationRoutes } from "./routes/reconciliation.ts";
import { requestRoutes } from "./routes/request.ts";
import { sessionRoutes } from "./routes/session.ts";
import { sweeperRoutes } from "./routes/sweeper.ts";
import { tokenRoutes } from "./routes/token.ts";
import { userRoutes } from "./routes/user.ts";
import { signedIn } from "./signed-in.ts";
import { onlyStreamed } from "./streamed.ts";

/** Reached without being signed in. */
const open = ["/api/health", "/api/openapi.json", "/api/sign-in", "/api/sign-in/callback"];

/** The HTTP API. Everything under /api wants a signed-in person, except for what is in `open`. */
export function createApp(parts: ApiParts) {
  const app = new OpenAPIHono<ApiEnv>();
  const gate = signedIn(parts);
  app.onError((error, c) => {
    if (isFault(error)) {
      c.var.call.log.error("request failed", describeError(error));
      parts.countFault(c.var.call.requestId);
    }
    return problemResponse(error, c.var.call.requestId);
  });
  app.notFound((c) => {
    const problem = new HttpProblem(404, "http.no-route", "There is nothing at this address.");
    return problemResponse(problem, c.var.call.requestId);
  });
  app.use(answering(parts));
  app.use(throughFrontDoor(parts));
  if (parts.onlyStreamed) app.use(onlyStreamed);
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        const allow = methods.join(", ");
        const problem = new HttpProblem(405, "http.method", `This address takes ${allow}.`, { allow });
        return problemResponse(problem, c.var.call.requestId);
      },
    }),
  );
  app.use(bodyGuard);
  app.use("/api/*", (c, next) => (open.includes(c.req.path) ? next() : gate(c, next)));

  const api = app
    .route("/api", healthRoutes(parts))
    .route("/api", requestRoutes(parts))
    .route("/api", grantRoutes(parts))
    .route("/api", sweeperRoutes())
    .route("/api", auditRoutes())
    .route("/api", sessionRoutes(parts))
    .route("/api", userRoutes())
    .route("/api", tokenRoutes(parts))
    .route("/api", environmentRoutes())
    .route("/api", networkRoutes())
    .route("/api", instanceRoutes())
    .route("/api", databaseRoutes())
    .route("/api", reconciliationRoutes())
    .route("/api", policyRoutes(parts));

  let document: ReturnType<typeof openApiDocument> | undefined;
  app.get("/api/openapi.json", (c) => {
    document ??= openApiDocument(app, { version: parts.version, open });
    return c.json(document);
  });
  return api;
}

export type Api = ReturnType<typeof createApp>;
