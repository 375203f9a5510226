import type { Instant } from "./clock.ts";
import type { Actor } from "./context.ts";
import type { Id } from "./ids.ts";
import type { OperationName } from "./permission.ts";

export type EventOutcome = "done" | "denied" | "failed";
export type EventValue = string | number | boolean | null | readonly string[];

/** The database an event is about, with its names as they were at that moment. */
export type EventDatabase = { id: Id<"database">; name: string; instance: string; environment: string };

/** What an operation says of itself; the funnel adds who, when and whence. Never carries a secret. */
export type EventDraft = {
  /** Identifier of the thing that was acted upon. */
  subjectId: string;
  /** ULID that ties the events of one request, its grant and its extensions together. */
  story?: string;
  database?: EventDatabase;
  outcome?: EventOutcome;
  data?: Record<string, EventValue>;
};

/** One line of the audit trail; never changed after it was written. */
export type AuditEvent = {
  id: Id<"event">;
  at: Instant;
  operation: OperationName;
  outcome: EventOutcome;
  actor: { kind: Actor["kind"]; id: string; name: string; via?: string };
  subjectId: string;
  story: string;
  database?: EventDatabase;
  /** Of the HTTP request or invocation that did it. */
  requestId: string;
  sourceIp?: string;
  data: Record<string, EventValue>;
};
