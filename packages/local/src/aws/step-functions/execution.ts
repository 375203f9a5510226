import type { Json } from "./definition.ts";

export interface MachineRow {
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  /** The key of the definition's text. */
  readonly definition: string;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly revisionId: string;
}

export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

/** An execution; it keeps the definition that it was started with. `input` and `output` are JSON text. */
export interface ExecutionRow {
  readonly arn: string;
  readonly machineArn: string;
  readonly machineName: string;
  readonly name: string;
  readonly roleArn: string;
  readonly definition: string;
  readonly input: string;
  readonly startedMs: number;
  readonly status: ExecutionStatus;
  readonly stoppedMs?: number | undefined;
  readonly output?: string | undefined;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

/** Where an execution is: the last state that it entered, and with what. */
export interface Frame {
  readonly state: string;
  readonly input: Json;
  readonly enteredMs: number;
  /** How often each retrier has been used. */
  readonly attempts: readonly number[];
  /** The instant at which the next attempt is due. */
  readonly retryMs?: number | undefined;
}

/** One entry of an execution's history: an AWS event without its number. */
export interface EventRow {
  readonly type: string;
  readonly atMs: number;
  readonly details?:
    | { readonly name: string; readonly values: Readonly<Record<string, unknown>> }
    | undefined;
}
