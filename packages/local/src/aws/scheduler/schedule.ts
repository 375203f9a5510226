import { z } from "zod";

const name = z.string().regex(/^[0-9a-zA-Z-_.]{1,64}$/);

/** A schedule of the default group, with a function as its target. */
export const scheduleInput = z.strictObject({
  Name: name,
  ScheduleExpression: z.string().min(1).max(256),
  State: z.enum(["ENABLED", "DISABLED"]).default("ENABLED"),
  FlexibleTimeWindow: z.strictObject({ Mode: z.literal("OFF") }),
  ClientToken: z
    .string()
    .regex(/^[a-zA-Z0-9-_]{1,64}$/)
    .optional(),
  Target: z.strictObject({
    Arn: z
      .string()
      .regex(/^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]{1,64}$/, "must be a function"),
    RoleArn: z.string().regex(/^arn:aws:iam::\d{12}:role\/.{1,256}$/),
    Input: z.string().min(1).optional(),
  }),
});

export const scheduleName = z.strictObject({ Name: name, clientToken: z.string().optional() });

/** A schedule as it is kept: what was asked for, and when it comes next. */
export interface ScheduleRow {
  readonly given: z.output<typeof scheduleInput>;
  readonly modifiedMs: number;
  /** Undefined when it is switched off. */
  readonly nextMs?: number | undefined;
}
