import { endedView } from "@daypass/core/grant/access-end.view.ts";
import { endUserAccess, orderUserAccessEnd } from "@daypass/core/identity/end-user-access.ts";
import { listAllUsers } from "@daypass/core/identity/list-users.ts";
import { reinstateUser } from "@daypass/core/identity/reinstate-user.ts";
import { suspendUser } from "@daypass/core/identity/suspend-user.ts";
import { userView } from "@daypass/core/identity/user.view.ts";
import { idSchema } from "@daypass/core/kernel/ids.ts";
import { pageOf } from "@daypass/core/kernel/page.ts";
import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { about, answers, body, noBody, routes } from "./describe.ts";

const params = z.strictObject({ id: idSchema("user") });

const list = createRoute({
  ...about("user.list", "People by name"),
  method: "get",
  path: "/users",
  request: { query: listAllUsers.input },
  responses: answers(200, "One page", pageOf(userView)),
});

const suspend = createRoute({
  ...about("user.suspend", "Refuse a person everywhere"),
  method: "post",
  path: "/users/{id}/suspend",
  request: { params, body: body(suspendUser.input.omit({ id: true })) },
  responses: answers(200, "The user after it", userView),
});

const reinstate = createRoute({
  ...about("user.reinstate", "Let a suspended person in again"),
  method: "post",
  path: "/users/{id}/reinstate",
  request: { params, body: noBody },
  responses: answers(200, "The user after it", userView),
});

const endAccess = createRoute({
  ...about("user.end-access", "End everything that a person holds, now", "access-end.carry-out"),
  method: "post",
  path: "/users/{id}/end-access",
  request: { params, body: body(orderUserAccessEnd.input.omit({ id: true })) },
  responses: answers(200, "How many grants were ended, and how many still are to be", endedView),
});

export function userRoutes() {
  return routes()
    .openapi(list, async (c) => c.json(await listAllUsers(c.var.ctx, c.req.valid("query")), 200))
    .openapi(suspend, async (c) =>
      c.json(await suspendUser(c.var.ctx, { ...c.req.valid("param"), ...c.req.valid("json") }), 200),
    )
    .openapi(reinstate, async (c) => c.json(await reinstateUser(c.var.ctx, c.req.valid("param")), 200))
    .openapi(endAccess, async (c) =>
      c.json(await endUserAccess(c.var.ctx, { ...c.req.valid("param"), ...c.req.valid("json") }), 200),
    );
}
