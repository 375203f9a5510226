import { accessTestView } from "@daypass/core/credential/access-test.view.ts";
import { credentialView } from "@daypass/core/credential/credential.view.ts";
import { showCredential } from "@daypass/core/credential/show-credential.ts";
import { testAccess } from "@daypass/core/credential/test-access.ts";
import { endGrant } from "@daypass/core/grant/end-grant.ts";
import { grantView } from "@daypass/core/grant/grant.view.ts";
import { listAllGrants, listMyGrants } from "@daypass/core/grant/list-grants.ts";
import { presentGrant } from "@daypass/core/grant/present-grant.ts";
import { readGrant } from "@daypass/core/grant/read-grant.ts";
import { retryGrant } from "@daypass/core/grant/retry-grant.ts";
import { writeOffGrant } from "@daypass/core/grant/write-off-grant.ts";
import { idSchema } from "@daypass/core/kernel/ids.ts";
import { pageInput, pageOf } from "@daypass/core/kernel/page.ts";
import { extendGrant } from "@daypass/core/request/extend-grant.ts";
import { presentRequest } from "@daypass/core/request/present-request.ts";
import { requestView } from "@daypass/core/request/request.view.ts";
import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import type { ApiParts } from "../parts.ts";
import { limitPerson } from "../rate-limit.ts";
import { about, answers, body, noBody, routes } from "./describe.ts";

const params = z.strictObject({ id: idSchema("grant") });

const list = createRoute({
  ...about(
    "grant.list",
    "Grants: one's own, all live ones, those past their end and not revoked, or all",
    "grant.list-all",
  ),
  method: "get",
  path: "/grants",
  request: {
    query: z.strictObject({
      view: z.enum(["mine", "active", "overdue", "all"]).default("mine"),
      ...pageInput,
    }),
  },
  responses: answers(200, "One page", pageOf(grantView)),
});

const read = createRoute({
  ...about("grant.read", "One grant"),
  method: "get",
  path: "/grants/{id}",
  request: { params },
  responses: answers(200, "The grant", grantView),
});

const credential = createRoute({
  ...about("grant.show-credential", "The credential of one's running grant; each showing is recorded"),
  method: "post",
  path: "/grants/{id}/credential",
  request: { params, body: noBody },
  responses: answers(200, "The credential with ready-made lines", credentialView),
});

const test = createRoute({
  ...about("grant.test", "Log in as the account of one's running grant, from inside its network"),
  method: "post",
  path: "/grants/{id}/test",
  request: { params, body: noBody },
  responses: answers(200, "Whether it worked, and why not; never the password", accessTestView),
});

const extend = createRoute({
  ...about("grant.extend", "Ask for a later end"),
  method: "post",
  path: "/grants/{id}/extensions",
  request: { params, body: body(extendGrant.input.omit({ id: true })) },
  responses: answers(201, "The request for it, which may be approved already", requestView),
});

const end = createRoute({
  ...about("grant.end", "End access now"),
  method: "post",
  path: "/grants/{id}/end",
  request: { params, body: { ...body(endGrant.input.omit({ id: true })), required: false } },
  responses: answers(200, "The grant after it", grantView),
});

const retry = createRoute({
  ...about("grant.retry", "Try again now what failed"),
  method: "post",
  path: "/grants/{id}/retry",
  request: { params, body: noBody },
  responses: answers(200, "The grant after it", grantView),
});

const writeOff = createRoute({
  ...about("grant.write-off", "Stop looking for an account whose server is gone for good"),
  method: "post",
  path: "/grants/{id}/write-off",
  request: { params, body: body(writeOffGrant.input.omit({ id: true })) },
  responses: answers(200, "The grant after it", grantView),
});

export function grantRoutes({ perMinute }: ApiParts) {
  return routes()
    .openapi(list, async (c) => {
      const { view, ...slice } = c.req.valid("query");
      return c.json(
        view === "mine"
          ? await listMyGrants(c.var.ctx, slice)
          : await listAllGrants(c.var.ctx, { view, ...slice }),
        200,
      );
    })
    .openapi(read, async (c) => c.json(await readGrant(c.var.ctx, c.req.valid("param")), 200))
    .openapi(credential, async (c) => {
      await limitPerson(c.var.ctx, "change", perMinute.changes);
      return c.json(await showCredential(c.var.ctx, c.req.valid("param")), 200);
    })
    .openapi(test, async (c) => {
      await limitPerson(c.var.ctx, "change", perMinute.changes);
      return c.json(await testAccess(c.var.ctx, c.req.valid("param")), 200);
    })
    .openapi(extend, async (c) => {
      const { ctx } = c.var;
      await limitPerson(ctx, "change", perMinute.changes);
      const filed = await extendGrant(ctx, { ...c.req.valid("param"), ...c.req.valid("json") });
      return c.json(await presentRequest(ctx, filed), 201);
    })
    .openapi(end, async (c) => {
      const grant = await endGrant(c.var.ctx, { ...c.req.valid("param"), ...c.req.valid("json") });
      return c.json(presentGrant(c.var.ctx, grant), 200);
    })
    .openapi(retry, async (c) => {
      await limitPerson(c.var.ctx, "change", perMinute.changes);
      const grant = await retryGrant(c.var.ctx, c.req.valid("param"));
      return c.json(presentGrant(c.var.ctx, grant), 200);
    })
    .openapi(writeOff, async (c) => {
      const grant = await writeOffGrant(c.var.ctx, { ...c.req.valid("param"), ...c.req.valid("json") });
      return c.json(presentGrant(c.var.ctx, grant), 200);
    });
}
