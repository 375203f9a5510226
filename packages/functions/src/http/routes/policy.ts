import { idSchema } from "@daypass/core/kernel/ids.ts";
import { changePolicy } from "@daypass/core/policy/change-policy.ts";
import { createPolicy } from "@daypass/core/policy/create-policy.ts";
import { deletePolicy } from "@daypass/core/policy/delete-policy.ts";
import { explainPolicy } from "@daypass/core/policy/explain-policy.ts";
import { explainPolicyForOther } from "@daypass/core/policy/explain-policy-for-other.ts";
import { listAllPolicies } from "@daypass/core/policy/list-policies.ts";
import { explanationView, matrixView, policyView } from "@daypass/core/policy/policy.view.ts";
import { readMatrix } from "@daypass/core/policy/read-matrix.ts";
import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import type { ApiParts } from "../parts.ts";
import { limitPerson } from "../rate-limit.ts";
import { about, answers, atVersion, body, nothing, routes } from "./describe.ts";

const params = z.strictObject({ id: idSchema("policy") });

const list = createRoute({
  ...about("policy.list", "Policies, by name"),
  method: "get",
  path: "/policies",
  responses: answers(200, "All of them", z.strictObject({ items: z.array(policyView) })),
});

const create = createRoute({
  ...about("policy.create", "Write a policy"),
  method: "post",
  path: "/policies",
  request: { body: body(createPolicy.input.shape.policy) },
  responses: answers(201, "The policy", policyView),
});

const change = createRoute({
  ...about("policy.change", "Replace a policy's document"),
  method: "put",
  path: "/policies/{id}",
  request: { params, body: body(changePolicy.input.omit({ id: true })) },
  responses: answers(200, "The policy after it", policyView),
});

const remove = createRoute({
  ...about("policy.delete", "Delete a policy"),
  method: "delete",
  path: "/policies/{id}",
  request: { params, query: atVersion },
  responses: nothing,
});

const explain = createRoute({
  ...about(
    "policy.explain",
    "May I (or they), who decides, and what would be needed",
    "policy.explain-other",
  ),
  method: "post",
  path: "/policies/explain",
  request: { body: body(explainPolicyForOther.input.partial({ userId: true })) },
  responses: answers(200, "The decision and the policies behind it", explanationView),
});

const matrix = createRoute({
  ...about("policy.read-matrix", "Who may ask for what"),
  method: "get",
  path: "/policies/matrix",
  responses: answers(200, "Everyone, groups and people against databases", matrixView),
});

export function policyRoutes({ perMinute }: ApiParts) {
  return routes()
    .openapi(list, async (c) => c.json(await listAllPolicies(c.var.ctx, {}), 200))
    .openapi(create, async (c) => c.json(await createPolicy(c.var.ctx, { policy: c.req.valid("json") }), 201))
    .openapi(explain, async (c) => {
      await limitPerson(c.var.ctx, "preview", perMinute.previews);
      const { userId, ...question } = c.req.valid("json");
      return c.json(
        userId === undefined
          ? await explainPolicy(c.var.ctx, question)
          : await explainPolicyForOther(c.var.ctx, { userId, ...question }),
        200,
      );
    })
    .openapi(matrix, async (c) => c.json(await readMatrix(c.var.ctx, {}), 200))
    .openapi(change, async (c) =>
      c.json(await changePolicy(c.var.ctx, { ...c.req.valid("param"), ...c.req.valid("json") }), 200),
    )
    .openapi(remove, async (c) => {
      await deletePolicy(c.var.ctx, { ...c.req.valid("param"), ...c.req.valid("query") });
      return c.body(null, 204);
    });
}
