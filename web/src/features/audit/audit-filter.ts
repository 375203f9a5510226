import type { AuditFilter } from "../../lib/api.ts";
import { choiceParam, present, textParam } from "../../lib/search-params.ts";
import { operations } from "./operations.ts";

export const spans = ["1h", "24h", "7d", "30d"] as const;
export type Span = (typeof spans)[number];

/** What is filtered by, as the address has it; `last` is a time up to now, `from` and `to` are instants. */
export type AuditSearch = {
  actor?: string;
  database?: string;
  operation?: string;
  outcome?: "done" | "denied" | "failed";
  subject?: string;
  last?: Span;
  from?: string;
  to?: string;
  q?: string;
};

const spanMs: Record<Span, number> = {
  "1h": 3_600_000,
  "24h": 86_400_000,
  "7d": 7 * 86_400_000,
  "30d": 30 * 86_400_000,
};
const actorId = /^(?:usr_[0-7][0-9A-HJKMNP-TV-Z]{25}|system:[a-z]+)$/;
const anyId = /^[a-z]{3}_[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** Reads the address; what is no filter, or would be refused as one, is left out. */
export function auditSearchOf(search: Record<string, unknown>): AuditSearch {
  const last = choiceParam(search["last"], spans);
  return present({
    actor: matching(search["actor"], actorId),
    database: matching(search["database"], /^dbs_[0-7][0-9A-HJKMNP-TV-Z]{25}$/),
    operation: choiceParam(search["operation"], operations),
    outcome: choiceParam(search["outcome"], ["done", "denied", "failed"]),
    subject: matching(search["subject"], anyId),
    last,
    from: last === undefined ? instant(search["from"]) : undefined,
    to: last === undefined ? instant(search["to"]) : undefined,
    q: textParam(search["q"])?.slice(0, 200),
  });
}

/** The filter as the API takes it. `last` begins on a whole minute, so that the same question keeps its answer. */
export function auditFilterOf({ last, ...search }: AuditSearch, nowMs: number): AuditFilter {
  if (last === undefined) return search;
  const from = new Date(Math.floor((nowMs - spanMs[last]) / 60_000) * 60_000).toISOString();
  return { ...search, from };
}

export function isId(text: string): boolean {
  return anyId.test(text);
}

function matching(value: unknown, pattern: RegExp): string | undefined {
  const text = textParam(value);
  return text !== undefined && pattern.test(text) ? text : undefined;
}

function instant(value: unknown): string | undefined {
  const text = textParam(value);
  const atMs = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(atMs) ? undefined : new Date(atMs).toISOString();
}
