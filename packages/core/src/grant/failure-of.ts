import { DomainError } from "../kernel/errors.ts";
import type { failureReasons } from "./grant.view.ts";

type FailureReason = (typeof failureReasons)[number];

/** Sorts an error of a database server, a secret or the network into what people can act upon.
 * Only messages that were made to be shown pass; anything else is named by its class. */
export function failureOf(error: unknown): { reason: FailureReason; message: string } {
  const kind = kindOf(error);
  if (kind === undefined) return { reason: "other", message: `Unexpected error (${nameOf(error)}).` };
  return { reason: reasons.get(kind) ?? "other", message: messageOf(error) };
}

const reasons: ReadonlyMap<string, FailureReason> = new Map([
  ["unreachable", "unreachable"],
  ["unavailable", "unreachable"],
  ["authentication", "permission"],
  ["permission", "permission"],
  ["forbidden", "permission"],
]);

function kindOf(error: unknown): string | undefined {
  if (error instanceof DomainError) return error.kind;
  if (!(error instanceof Error) || error.name !== "EngineError") return undefined;
  const { kind } = error as Error & { kind?: unknown };
  return typeof kind === "string" ? kind : undefined;
}

function messageOf(error: unknown): string {
  return (error as Error).message.slice(0, 1000);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}
