import type { AuditEvent, EventValue } from "../kernel/event.ts";
import type { EventView } from "./event.view.ts";

export function presentEvent(event: AuditEvent): EventView {
  return {
    ...event,
    database: event.database ?? null,
    sourceIp: event.sourceIp ?? null,
    data: Object.fromEntries(Object.entries(event.data).map(([name, value]) => [name, presentValue(value)])),
  };
}

function presentValue(value: EventValue): EventView["data"][string] {
  return value instanceof Array ? [...value] : (value as Exclude<EventValue, readonly string[]>);
}
