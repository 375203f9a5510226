import type { Ask, Level } from "../../lib/api.ts";
import { scopeFromParam } from "../../lib/scope-param.ts";

/** What the form holds, as the address carries it. */
export type Draft = {
  database?: string;
  level?: Level;
  duration?: number;
  scope?: string;
  reason?: string;
  emergency?: true;
};

/** The question to the server; null while the draft does not name enough. */
export function askOf(draft: Draft): Ask | null {
  if (draft.database === undefined || draft.level === undefined || draft.duration === undefined) return null;
  return {
    databaseId: draft.database,
    level: draft.level,
    scope: scopeFromParam(draft.scope),
    durationMinutes: draft.duration,
    ...(draft.emergency ? { breakGlass: true } : {}),
  };
}

/** The draft with some fields changed; `undefined` takes one away. */
export function changed(draft: Draft, change: { [K in keyof Draft]: Draft[K] | undefined }): Draft {
  return Object.fromEntries(
    Object.entries({ ...draft, ...change }).filter(([, value]) => value !== undefined),
  ) as Draft;
}

/** The first ticket that a reason names, such as "OPS-123" or "#4512", or the address of one. */
export function ticketIn(reason: string): { name: string; href: string | null } | null {
  const link = /https:\/\/[^\s<>"']+/i.exec(reason)?.[0]?.replace(/[.,;:!?)\]]+$/, "");
  const name =
    /\b[A-Z][A-Z0-9]{1,9}-\d{1,7}\b/.exec(link ?? reason)?.[0] ?? /(?<![\w/])#\d{1,7}\b/.exec(reason)?.[0];
  if (link !== undefined && URL.canParse(link)) return { name: name ?? new URL(link).host, href: link };
  return name === undefined ? null : { name, href: null };
}
