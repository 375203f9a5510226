import type { EventView } from "@daypass/core/audit/event.view.ts";

const columns = {
  at: (event) => event.at,
  operation: (event) => event.operation,
  outcome: (event) => event.outcome,
  actorKind: (event) => event.actor.kind,
  actorId: (event) => event.actor.id,
  actorName: (event) => event.actor.name,
  via: (event) => event.actor.via ?? "",
  subjectId: (event) => event.subjectId,
  story: (event) => event.story,
  environment: (event) => event.database?.environment ?? "",
  instance: (event) => event.database?.instance ?? "",
  database: (event) => event.database?.name ?? "",
  sourceIp: (event) => event.sourceIp ?? "",
  requestId: (event) => event.requestId,
  id: (event) => event.id,
  data: (event) => JSON.stringify(event.data),
} as const satisfies Record<string, (event: EventView) => string>;

/** RFC 4180: a header line, CRLF, quotes doubled. */
export function eventsAsCsv(events: readonly EventView[]): string {
  const lines = [
    Object.keys(columns).join(","),
    ...events.map((event) =>
      Object.values(columns)
        .map((read) => cell(read(event)))
        .join(","),
    ),
  ];
  return `${lines.join("\r\n")}\r\n`;
}

/** Spreadsheets run what begins like a formula; an apostrophe makes it text. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
