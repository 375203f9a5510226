import { databaseDetailView, databaseView } from "@daypass/core/catalog/catalog.view.ts";
import { listDatabases } from "@daypass/core/catalog/list-databases.ts";
import { readDatabase } from "@daypass/core/catalog/read-database.ts";
import { idSchema } from "@daypass/core/kernel/ids.ts";
import { pageOf } from "@daypass/core/kernel/page.ts";
import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { about, answers, routes } from "./describe.ts";

const list = createRoute({
  ...about("database.list", "Databases, and what may be asked of each"),
  method: "get",
  path: "/databases",
  request: { query: listDatabases.input },
  responses: answers(200, "One page", pageOf(databaseView)),
});

const read = createRoute({
  ...about("database.read", "One database with its schema"),
  method: "get",
  path: "/databases/{id}",
  request: { params: z.strictObject({ id: idSchema("database") }) },
  responses: answers(200, "The database", databaseDetailView),
});

export function databaseRoutes() {
  return routes()
    .openapi(list, async (c) => c.json(await listDatabases(c.var.ctx, c.req.valid("query")), 200))
    .openapi(read, async (c) => c.json(await readDatabase(c.var.ctx, c.req.valid("param")), 200));
}
