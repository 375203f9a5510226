import { instanceView } from "@daypass/core/catalog/catalog.view.ts";
import { changeInstance } from "@daypass/core/catalog/change-instance.ts";
import { createInstance } from "@daypass/core/catalog/create-instance.ts";
import { deleteInstance } from "@daypass/core/catalog/delete-instance.ts";
import { endInstanceAccess, orderInstanceAccessEnd } from "@daypass/core/catalog/end-instance-access.ts";
import { inspectInstance } from "@daypass/core/catalog/inspect-instance.ts";
import { listAllInstances } from "@daypass/core/catalog/list-instances.ts";
import { readInstance } from "@daypass/core/catalog/read-instance.ts";
import { endedView } from "@daypass/core/grant/access-end.view.ts";
import { idSchema } from "@daypass/core/kernel/ids.ts";
import { pageOf } from "@daypass/core/kernel/page.ts";
import { reconciliationView } from "@daypass/core/reconciliation/reconciliation.view.ts";
import { startReconciliation } from "@daypass/core/reconciliation/start-reconciliation.ts";
import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { about, answers, atVersion, body, noBody, nothing, routes } from "./describe.ts";

const params = z.strictObject({ id: idSchema("instance") });

const list = createRoute({
  ...about("instance.list", "Instances by environment and name"),
  method: "get",
  path: "/instances",
  request: { query: listAllInstances.input },
  responses: answers(200, "One page", pageOf(instanceView)),
});

const read = createRoute({
  ...about("instance.read", "One instance with its last inspection"),
  method: "get",
  path: "/instances/{id}",
  request: { params },
  responses: answers(200, "The instance", instanceView),
});

const create = createRoute({
  ...about("instance.create", "Register an instance by its administrator's secret"),
  method: "post",
  path: "/instances",
  request: { body: body(createInstance.input) },
  responses: answers(201, "The instance", instanceView),
});

const change = createRoute({
  ...about("instance.change", "Change how an instance is reached and offered"),
  method: "put",
  path: "/instances/{id}",
  request: { params, body: body(changeInstance.input.omit({ id: true })) },
  responses: answers(200, "The instance after it", instanceView),
});

const remove = createRoute({
  ...about("instance.delete", "Forget an instance without live grants"),
  method: "delete",
  path: "/instances/{id}",
  request: { params, query: atVersion },
  responses: nothing,
});

const inspect = createRoute({
  ...about("instance.inspect", "Test the connection and read the schemas"),
  method: "post",
  path: "/instances/{id}/inspections",
  request: { params, body: noBody },
  responses: answers(200, "The instance, its inspection running", instanceView),
});

const endAccess = createRoute({
  ...about(
    "instance.end-access",
    "End everything that anybody holds on an instance, now",
    "access-end.carry-out",
  ),
  method: "post",
  path: "/instances/{id}/end-access",
  request: { params, body: body(orderInstanceAccessEnd.input.omit({ id: true })) },
  responses: answers(200, "How many grants were ended, and how many still are to be", endedView),
});

const reconcile = createRoute({
  ...about("instance.reconcile", "Compare the ledger with the accounts that are really there"),
  method: "post",
  path: "/instances/{id}/reconcile",
  request: { params, body: body(startReconciliation.input.omit({ id: true })) },
  responses: answers(200, "The comparison, running", reconciliationView),
});

export function instanceRoutes() {
  return routes()
    .openapi(list, async (c) => c.json(await listAllInstances(c.var.ctx, c.req.valid("query")), 200))
    .openapi(read, async (c) => c.json(await readInstance(c.var.ctx, c.req.valid("param")), 200))
    .openapi(create, async (c) => c.json(await createInstance(c.var.ctx, c.req.valid("json")), 201))
    .openapi(change, async (c) =>
      c.json(await changeInstance(c.var.ctx, { ...c.req.valid("param"), ...c.req.valid("json") }), 200),
    )
    .openapi(remove, async (c) => {
      await deleteInstance(c.var.ctx, { ...c.req.valid("param"), ...c.req.valid("query") });
      return c.body(null, 204);
    })
    .openapi(inspect, async (c) => c.json(await inspectInstance(c.var.ctx, c.req.valid("param")), 200))
    .openapi(endAccess, async (c) =>
      c.json(await endInstanceAccess(c.var.ctx, { ...c.req.valid("param"), ...c.req.valid("json") }), 200),
    )
    .openapi(reconcile, async (c) =>
      c.json(await startReconciliation(c.var.ctx, { ...c.req.valid("param"), ...c.req.valid("json") }), 200),
    );
}
