/** Any value of JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** A state machine, after `parseDefinition` has checked it. */
export interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly TimeoutSeconds?: number;
}

export interface State {
  readonly Type: "Task" | "Pass" | "Wait" | "Choice" | "Succeed" | "Fail";
  readonly Next?: string;
  readonly End?: boolean;
  readonly ResultPath?: string | null;
  readonly Parameters?: Json;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  // Task
  readonly Resource?: string;
  readonly TimeoutSeconds?: number;
  // Wait
  readonly Seconds?: number;
  readonly TimestampPath?: string;
  // Choice
  readonly Choices?: readonly ChoiceRule[];
  readonly Default?: string;
  // Fail
  readonly Error?: string;
  readonly Cause?: string;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: "NONE" | "FULL";
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly ResultPath?: string | null;
}

export interface ChoiceRule {
  readonly Variable?: string;
  readonly And?: readonly ChoiceRule[];
  readonly Next?: string;
  readonly IsPresent?: boolean;
  readonly IsTimestamp?: boolean;
  readonly StringEquals?: string;
  readonly NumericGreaterThanEquals?: number;
}

/** Tasks call a Lambda function by its own ARN. */
export function isFunctionArn(resource: string): boolean {
  return /^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]{1,64}(:\$LATEST)?$/.test(resource);
}
