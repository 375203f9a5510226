import { pageOf } from "@daypass/core/kernel/page.ts";
import { listAllReconciliations } from "@daypass/core/reconciliation/list-reconciliations.ts";
import { reconciliationView } from "@daypass/core/reconciliation/reconciliation.view.ts";
import { createRoute } from "@hono/zod-openapi";
import { about, answers, routes } from "./describe.ts";

const list = createRoute({
  ...about("reconciliation.list", "The last comparison of ledger and accounts of every instance"),
  method: "get",
  path: "/reconciliations",
  request: { query: listAllReconciliations.input },
  responses: answers(200, "One page", pageOf(reconciliationView)),
});

export function reconciliationRoutes() {
  return routes().openapi(list, async (c) =>
    c.json(await listAllReconciliations(c.var.ctx, c.req.valid("query")), 200),
  );
}
