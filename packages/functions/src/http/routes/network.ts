import { networkView } from "@daypass/core/catalog/catalog.view.ts";
import { createNetwork } from "@daypass/core/catalog/create-network.ts";
import { listAllNetworks } from "@daypass/core/catalog/list-networks.ts";
import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { about, answers, body, routes } from "./describe.ts";

const list = createRoute({
  ...about("network.list", "Networks, by name"),
  method: "get",
  path: "/networks",
  responses: answers(200, "All of them", z.strictObject({ items: z.array(networkView) })),
});

const create = createRoute({
  ...about("network.create", "Record a network; its name is that of the deployment"),
  method: "post",
  path: "/networks",
  request: { body: body(createNetwork.input) },
  responses: answers(201, "The network", networkView),
});

export function networkRoutes() {
  return routes()
    .openapi(list, async (c) => c.json(await listAllNetworks(c.var.ctx, {}), 200))
    .openapi(create, async (c) => c.json(await createNetwork(c.var.ctx, c.req.valid("json")), 201));
}
