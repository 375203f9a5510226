import { DomainError } from "../kernel/errors.ts";
import { boundedRemedy } from "./bounded-remedy.ts";
import type { failureReasons } from "./grant.view.ts";

type FailureReason = (typeof failureReasons)[number];

type Told = { reason: FailureReason; message: string; blockers: string[]; remedy: string[] };

/** Sorts an error of a database server, a secret or the network into what people can act upon: why, what was found in
 * the way, and what to run by hand. Only words that were made to be shown pass; anything else is named by its class. */
export function failureOf(error: unknown): Told {
  const kind = kindOf(error);
  if (kind === undefined) {
    return { reason: "other", message: `Unexpected error (${nameOf(error)}).`, blockers: [], remedy: [] };
  }
  const isChanged = error instanceof DomainError && error.code === "server.changed";
  return {
    reason: isChanged ? "server-changed" : (reasons.get(kind) ?? "other"),
    message: messageOf(error),
    blockers: wordsOf(error, "blockers")
      .slice(0, 50)
      .map((word) => word.slice(0, 500)),
    remedy: boundedRemedy(wordsOf(error, "remedy"), { statements: 49, characters: 60_000 }),
  };
}

/** An engine's error carries its remedy itself, one of ours in its details. */
function wordsOf(error: unknown, name: "blockers" | "remedy"): string[] {
  const carrier = error instanceof DomainError ? error.details : (error as Record<string, unknown>);
  const words = carrier[name];
  return Array.isArray(words) ? words.filter((word) => typeof word === "string") : [];
}

const reasons: ReadonlyMap<string, FailureReason> = new Map([
  ["unreachable", "unreachable"],
  ["unavailable", "unreachable"],
  ["authentication", "permission"],
  ["permission", "permission"],
  ["capacity", "capacity"],
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
