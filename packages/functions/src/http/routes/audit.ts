import { eventView } from "@daypass/core/audit/event.view.ts";
import { exportEvents } from "@daypass/core/audit/export-events.ts";
import { searchEvents } from "@daypass/core/audit/search-events.ts";
import { instantSchema } from "@daypass/core/kernel/clock.ts";
import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { eventsAsCsv } from "../event-csv.ts";
import { about, answers, routes } from "./describe.ts";

const search = createRoute({
  ...about("audit.search", "Search the audit trail, newest first"),
  method: "get",
  path: "/audit",
  request: { query: searchEvents.input },
  responses: answers(
    200,
    "One page; it may be short or empty while there is a next one",
    z.strictObject({
      items: z.array(eventView),
      nextCursor: z.string().nullable(),
      /** How far back this call has looked; null once it has seen all. */
      searchedBackTo: instantSchema.nullable(),
    }),
  ),
});

const download = createRoute({
  ...about("audit.export", "What a search finds as one file, at most 10,000 events"),
  method: "get",
  path: "/audit/export",
  request: {
    query: z.strictObject({ format: z.enum(["csv", "json"]).default("csv"), ...exportEvents.input.shape }),
  },
  responses: {
    200: {
      description: "The file; the header X-Daypass-Truncated is true when there was more",
      content: {
        "text/csv": { schema: z.string() },
        "application/json": {
          schema: z.strictObject({ items: z.array(eventView), truncated: z.boolean() }),
        },
      },
    },
  },
});

export function auditRoutes() {
  return routes()
    .openapi(search, async (c) => c.json(await searchEvents(c.var.ctx, c.req.valid("query")), 200))
    .openapi(download, async (c) => {
      const { format, ...filter } = c.req.valid("query");
      const found = await exportEvents(c.var.ctx, filter);
      const day = c.var.ctx.clock.now().slice(0, 10);
      const headers = {
        "content-disposition": `attachment; filename="daypass-audit-${day}.${format}"`,
        "x-daypass-truncated": String(found.truncated),
      };
      return format === "json"
        ? c.json(found, 200, headers)
        : c.body(eventsAsCsv(found.items), 200, { ...headers, "content-type": "text/csv; charset=utf-8" });
    });
}
