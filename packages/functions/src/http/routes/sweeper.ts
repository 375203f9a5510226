import { sweeperView } from "@daypass/core/grant/grant.view.ts";
import { readSweeper } from "@daypass/core/grant/read-sweeper.ts";
import { createRoute } from "@hono/zod-openapi";
import { about, answers, routes } from "./describe.ts";

const read = createRoute({
  ...about("sweeper.read", "When the sweeper last looked at everything that was due"),
  method: "get",
  path: "/sweeper",
  responses: answers(200, "Its sign of life", sweeperView),
});

export function sweeperRoutes() {
  return routes().openapi(read, async (c) => c.json(await readSweeper(c.var.ctx, {}), 200));
}
