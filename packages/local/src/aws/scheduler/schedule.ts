import { z } from "zod";

const name = z.string().regex(/^[0-9a-zA-Z-_.]{1,64}$/);
const seconds = z.number().min(0).max(8_640_000_000_000);

export const scheduleInput = z.strictObject({
  Name: name,
  GroupName: name.default("default"),
  ScheduleExpression: z.string().min(1).max(256),
  ScheduleExpressionTimezone: z.literal("UTC").default("UTC"),
  StartDate: seconds.optional(),
  EndDate: seconds.optional(),
  Description: z.string().max(512).optional(),
  State: z.enum(["ENABLED", "DISABLED"]).default("ENABLED"),
  ActionAfterCompletion: z.enum(["NONE", "DELETE"]).default("NONE"),
  ClientToken: z
    .string()
    .regex(/^[a-zA-Z0-9-_]{1,64}$/)
    .optional(),
  FlexibleTimeWindow: z.strictObject({
    Mode: z.enum(["OFF", "FLEXIBLE"]),
    MaximumWindowInMinutes: z.int().min(1).max(1440).optional(),
  }),
  Target: z.strictObject({
    Arn: z
      .string()
      .regex(/^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]{1,64}$/, "must be a function"),
    RoleArn: z.string().regex(/^arn:aws:iam::\d{12}:role\/.{1,256}$/),
    Input: z.string().min(1).optional(),
    RetryPolicy: z
      .strictObject({
        MaximumEventAgeInSeconds: z.int().min(60).max(86_400).optional(),
        MaximumRetryAttempts: z.int().min(0).max(185).optional(),
      })
      .optional(),
  }),
});

/** A schedule as it is kept: what was asked for, and when it comes next. */
export interface ScheduleRow {
  readonly given: z.output<typeof scheduleInput>;
  readonly createdMs: number;
  readonly modifiedMs: number;
  /** Undefined when it is switched off or has had its last invocation. */
  readonly nextMs?: number | undefined;
}

export const groupAndName = {
  key: z.strictObject({ Name: name, groupName: name.default("default"), clientToken: z.string().optional() }),
  list: z.strictObject({
    ScheduleGroup: name.optional(),
    NamePrefix: name.optional(),
    State: z.enum(["ENABLED", "DISABLED"]).optional(),
    NextToken: z.string().min(1).max(2048).optional(),
    MaxResults: z.coerce.number().int().min(1).max(100).default(100),
  }),
};
