import { z } from "zod";
import { instantSchema } from "../kernel/clock.ts";
import { idSchema } from "../kernel/ids.ts";

export const eventView = z
  .strictObject({
    id: idSchema("event"),
    at: instantSchema,
    /** Name of the operation, such as "request.review". */
    operation: z.string(),
    outcome: z.enum(["done", "denied", "failed"]),
    actor: z.strictObject({
      kind: z.enum(["user", "system", "anonymous"]),
      id: z.string(),
      name: z.string(),
      via: z.string().optional(),
    }),
    subjectId: z.string(),
    /** ULID shared by a request, its grant and its extensions. */
    story: z.string(),
    database: z
      .strictObject({
        id: idSchema("database"),
        name: z.string(),
        instance: z.string(),
        environment: z.string(),
      })
      .nullable(),
    requestId: z.string(),
    sourceIp: z.string().nullable(),
    data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])),
  })
  .meta({ id: "Event" });
export type EventView = z.output<typeof eventView>;
