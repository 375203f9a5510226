import { z } from "zod";
import { AwsError } from "../server/aws-error.ts";

/** 1 to 80 characters, none of those that AWS forbids. Throws InvalidName. */
export function checkName(name: string): string {
  if (/^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u.test(name)) return name;
  throw new AwsError("InvalidName", `Invalid Name: '${name}'`);
}

const anArn = z.string().min(1).max(256);
export const paging = {
  maxResults: z.int().min(0).max(1000).optional(),
  nextToken: z.string().min(1).max(3096).optional(),
};
const definition = z.string().min(1).max(1_048_576);

export const inputs = {
  createStateMachine: z.strictObject({
    name: z.string(),
    definition,
    roleArn: anArn,
    type: z.enum(["STANDARD", "EXPRESS"]).default("STANDARD"),
  }),
  updateStateMachine: z.strictObject({
    stateMachineArn: anArn,
    definition: definition.optional(),
    roleArn: anArn.optional(),
  }),
  stateMachine: z.strictObject({ stateMachineArn: anArn }),
  list: z.strictObject(paging),
  execution: z.strictObject({ executionArn: anArn }),
  startExecution: z.strictObject({
    stateMachineArn: anArn,
    name: z.string().optional(),
    input: z
      .string()
      .refine(
        (text) => Buffer.byteLength(text) <= 262_144,
        "Member must have length less than or equal to 262144",
      )
      .default("{}"),
  }),
  stopExecution: z.strictObject({
    executionArn: anArn,
    error: z.string().max(256).optional(),
    cause: z.string().max(32_768).optional(),
  }),
  listExecutions: z.strictObject({
    stateMachineArn: anArn,
    statusFilter: z
      .enum(["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"])
      .optional(),
    ...paging,
  }),
  history: z.strictObject({
    executionArn: anArn,
    reverseOrder: z.boolean().default(false),
    includeExecutionData: z.boolean().default(true),
    ...paging,
  }),
};

/** Zero and nothing mean a hundred. */
export function sizeOf(maxResults: number | undefined): number {
  return maxResults === undefined || maxResults === 0 ? 100 : maxResults;
}
