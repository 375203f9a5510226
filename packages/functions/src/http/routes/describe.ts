import { invalid } from "@daypass/core/kernel/errors.ts";
import type { OperationName } from "@daypass/core/kernel/permission.ts";
import { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import type { ApiEnv } from "../parts.ts";

/** Routes of one concept; what does not fit their schemas is refused as the operations themselves would. */
export function routes() {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (parsed) => {
      if (parsed.success) return;
      const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
      const [first] = issues;
      const sentence = first ? `${first.path || "input"}: ${first.message}` : "The input is not valid.";
      throw invalid("input.invalid", sentence, { issues });
    },
  });
}

/** Name and summary of a route: its operation's name, and those of others that it calls. */
export function about(operation: OperationName, summary: string, ...others: OperationName[]) {
  const [tag = operation] = operation.split(".");
  return { operationId: operation, summary, tags: [tag], "x-operations": [operation, ...others] };
}

export function answers<const Status extends number, Schema extends z.ZodType>(
  status: Status,
  description: string,
  schema: Schema,
) {
  const content = { "application/json": { schema } };
  return { [status]: { description, content } } as Record<
    Status,
    { description: string; content: typeof content }
  >;
}

export function body<Schema extends z.ZodType>(schema: Schema) {
  return { content: { "application/json": { schema } }, required: true } as const;
}

/** For changes that say nothing more than their address; `{}` is fine too, anything more is not. */
export const noBody = {
  content: { "application/json": { schema: z.strictObject({}) } },
  required: false,
} as const;

/** Of what was deleted. */
export const nothing = { 204: { description: "It is gone" } } as const;

/** The version that was looked at, so that nobody deletes what somebody else just changed. */
export const atVersion = z.strictObject({
  version: z.coerce.number().int().meta({ description: "Version that was looked at" }),
});
