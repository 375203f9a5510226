import { createToken } from "@daypass/core/identity/create-token.ts";
import { listTokens } from "@daypass/core/identity/list-tokens.ts";
import { revokeToken } from "@daypass/core/identity/revoke-token.ts";
import { newTokenView, tokenView } from "@daypass/core/identity/user.view.ts";
import { idSchema } from "@daypass/core/kernel/ids.ts";
import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import type { ApiParts } from "../parts.ts";
import { limitPerson } from "../rate-limit.ts";
import { about, answers, body, nothing, routes } from "./describe.ts";

const list = createRoute({
  ...about("token.list", "One's own personal access tokens"),
  method: "get",
  path: "/tokens",
  responses: answers(200, "Those that have not expired", z.strictObject({ items: z.array(tokenView) })),
});

const create = createRoute({
  ...about("token.create", "Make a personal access token"),
  method: "post",
  path: "/tokens",
  request: { body: body(createToken.input) },
  responses: answers(201, "The token, with its secret this once", newTokenView),
});

const revoke = createRoute({
  ...about("token.revoke", "Take a personal access token away"),
  method: "delete",
  path: "/tokens/{id}",
  request: { params: z.strictObject({ id: idSchema("token") }) },
  responses: nothing,
});

export function tokenRoutes({ perMinute }: ApiParts) {
  return routes()
    .openapi(list, async (c) => c.json(await listTokens(c.var.ctx, {}), 200))
    .openapi(create, async (c) => {
      await limitPerson(c.var.ctx, "change", perMinute.changes);
      return c.json(await createToken(c.var.ctx, c.req.valid("json")), 201);
    })
    .openapi(revoke, async (c) => {
      await revokeToken(c.var.ctx, c.req.valid("param"));
      return c.body(null, 204);
    });
}
