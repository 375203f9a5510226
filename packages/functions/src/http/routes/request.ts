import { idSchema } from "@daypass/core/kernel/ids.ts";
import { pageInput, pageOf } from "@daypass/core/kernel/page.ts";
import { cancelRequest } from "@daypass/core/request/cancel-request.ts";
import { commentRequest, commentSchema } from "@daypass/core/request/comment-request.ts";
import { createRequest } from "@daypass/core/request/create-request.ts";
import { listAllRequests, listMyRequests } from "@daypass/core/request/list-requests.ts";
import { presentRequest } from "@daypass/core/request/present-request.ts";
import { previewRequest } from "@daypass/core/request/preview-request.ts";
import { readRequest } from "@daypass/core/request/read-request.ts";
import {
  previewView,
  requestDetailView,
  requestStatusSchema,
  requestView,
} from "@daypass/core/request/request.view.ts";
import { reviewRequest } from "@daypass/core/request/review-request.ts";
import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import type { ApiParts } from "../parts.ts";
import { limitPerson } from "../rate-limit.ts";
import { about, answers, body, noBody, routes } from "./describe.ts";

const params = z.strictObject({ id: idSchema("request") });

const create = createRoute({
  ...about("request.create", "Ask for access to a database"),
  method: "post",
  path: "/requests",
  request: {
    headers: z.object({
      "idempotency-key": createRequest.input.shape.idempotencyKey.meta({
        description: "Repeating it returns the request that it made",
      }),
    }),
    body: body(createRequest.input.omit({ idempotencyKey: true })),
  },
  responses: answers(201, "The request as filed", requestView),
});

const preview = createRoute({
  ...about("request.preview", "What would happen if this were asked for now"),
  method: "post",
  path: "/requests/preview",
  request: { body: body(previewRequest.input) },
  responses: answers(200, "Who decides, and the exact privileges", previewView),
});

const list = createRoute({
  ...about("request.list", "Requests: one's own, those to review, or everybody's", "request.list-all"),
  method: "get",
  path: "/requests",
  request: {
    query: z.strictObject({
      view: z.enum(["mine", "to-review", "all"]).default("mine"),
      status: requestStatusSchema.optional(),
      ...pageInput,
    }),
  },
  responses: answers(200, "One page", pageOf(requestView)),
});

const read = createRoute({
  ...about("request.read", "Everything needed to decide on one request, and its story"),
  method: "get",
  path: "/requests/{id}",
  request: { params },
  responses: answers(200, "The request", requestDetailView),
});

const review = createRoute({
  ...about("request.review", "Approve, reject or comment", "request.comment"),
  method: "post",
  path: "/requests/{id}/reviews",
  request: {
    params,
    body: body(
      z.discriminatedUnion("decision", [
        z.strictObject({
          decision: z.literal("approve"),
          ...reviewRequest.input.pick({ comment: true, durationMinutes: true }).shape,
        }),
        z.strictObject({ decision: z.literal("reject"), comment: commentSchema }),
        z.strictObject({ decision: z.literal("comment"), comment: commentSchema }),
      ]),
    ),
  },
  responses: answers(200, "The request after it", requestView),
});

const cancel = createRoute({
  ...about("request.cancel", "Take one's pending request back"),
  method: "post",
  path: "/requests/{id}/cancel",
  request: { params, body: noBody },
  responses: answers(200, "The request after it", requestView),
});

export function requestRoutes({ perMinute }: ApiParts) {
  return routes()
    .openapi(create, async (c) => {
      const { ctx } = c.var;
      await limitPerson(ctx, "change", perMinute.changes);
      const idempotencyKey = c.req.valid("header")["idempotency-key"];
      const filed = await createRequest(ctx, {
        ...c.req.valid("json"),
        ...(idempotencyKey ? { idempotencyKey } : {}),
      });
      return c.json(await presentRequest(ctx, filed), 201);
    })
    .openapi(preview, async (c) => {
      await limitPerson(c.var.ctx, "preview", perMinute.previews);
      return c.json(await previewRequest(c.var.ctx, c.req.valid("json")), 200);
    })
    .openapi(list, async (c) => {
      const { view, ...filter } = c.req.valid("query");
      return c.json(
        view === "all"
          ? await listAllRequests(c.var.ctx, filter)
          : await listMyRequests(c.var.ctx, { view, ...filter }),
        200,
      );
    })
    .openapi(read, async (c) => c.json(await readRequest(c.var.ctx, c.req.valid("param")), 200))
    .openapi(review, async (c) => {
      const { ctx } = c.var;
      await limitPerson(ctx, "change", perMinute.changes);
      const { id } = c.req.valid("param");
      const said = c.req.valid("json");
      const next =
        said.decision === "comment"
          ? await commentRequest(ctx, { id, comment: said.comment })
          : await reviewRequest(ctx, { id, ...said });
      return c.json(await presentRequest(ctx, next), 200);
    })
    .openapi(cancel, async (c) => {
      const next = await cancelRequest(c.var.ctx, c.req.valid("param"));
      return c.json(await presentRequest(c.var.ctx, next), 200);
    });
}
