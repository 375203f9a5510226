import { environmentView } from "@daypass/core/catalog/catalog.view.ts";
import { changeEnvironment } from "@daypass/core/catalog/change-environment.ts";
import { createEnvironment } from "@daypass/core/catalog/create-environment.ts";
import { deleteEnvironment } from "@daypass/core/catalog/delete-environment.ts";
import { listAllEnvironments } from "@daypass/core/catalog/list-environments.ts";
import { idSchema } from "@daypass/core/kernel/ids.ts";
import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { about, answers, atVersion, body, nothing, routes } from "./describe.ts";

const params = z.strictObject({ id: idSchema("environment") });

const list = createRoute({
  ...about("environment.list", "Environments, lowest first"),
  method: "get",
  path: "/environments",
  responses: answers(200, "All of them", z.strictObject({ items: z.array(environmentView) })),
});

const create = createRoute({
  ...about("environment.create", "Make an environment"),
  method: "post",
  path: "/environments",
  request: { body: body(createEnvironment.input) },
  responses: answers(201, "The environment", environmentView),
});

const change = createRoute({
  ...about("environment.change", "Change an environment"),
  method: "put",
  path: "/environments/{id}",
  request: { params, body: body(changeEnvironment.input.omit({ id: true })) },
  responses: answers(200, "The environment after it", environmentView),
});

const remove = createRoute({
  ...about("environment.delete", "Delete an environment that no instance is in"),
  method: "delete",
  path: "/environments/{id}",
  request: { params, query: atVersion },
  responses: nothing,
});

export function environmentRoutes() {
  return routes()
    .openapi(list, async (c) => c.json(await listAllEnvironments(c.var.ctx, {}), 200))
    .openapi(create, async (c) => c.json(await createEnvironment(c.var.ctx, c.req.valid("json")), 201))
    .openapi(change, async (c) =>
      c.json(await changeEnvironment(c.var.ctx, { ...c.req.valid("param"), ...c.req.valid("json") }), 200),
    )
    .openapi(remove, async (c) => {
      await deleteEnvironment(c.var.ctx, { ...c.req.valid("param"), ...c.req.valid("query") });
      return c.body(null, 204);
    });
}
