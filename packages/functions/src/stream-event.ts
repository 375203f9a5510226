import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { instantSchema } from "@daypass/core/kernel/clock.ts";
import type { AuditEvent } from "@daypass/core/kernel/event.ts";
import { idSchema } from "@daypass/core/kernel/ids.ts";
import { operationNames } from "@daypass/core/kernel/permission.ts";
import type { DynamoDBRecord } from "aws-lambda";
import { z } from "zod";

const eventItem = z.object({
  __edb_e__: z.literal("event"),
  event: z.looseObject({
    id: idSchema("event"),
    at: instantSchema,
    operation: z.enum(operationNames),
    outcome: z.enum(["done", "denied", "failed"]),
    actor: z.looseObject({ kind: z.enum(["user", "system", "anonymous"]), id: z.string(), name: z.string() }),
    subjectId: z.string(),
    story: z.string(),
    requestId: z.string(),
    data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])),
  }),
});

/** The audit event that a record of the table's stream brings, if it brings a new one. Whatever is written in another
 * way, also by a version that we do not know, is none. */
export function auditEventIn({ eventName, dynamodb }: DynamoDBRecord): AuditEvent | undefined {
  if (eventName !== "INSERT" || !dynamodb?.NewImage) return undefined;
  const { data } = eventItem.safeParse(unmarshall(dynamodb.NewImage as Record<string, AttributeValue>));
  return data?.event as AuditEvent | undefined;
}
