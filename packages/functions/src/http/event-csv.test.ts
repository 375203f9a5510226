import type { EventView } from "@daypass/core/audit/event.view.ts";
import { eventView } from "@daypass/core/audit/event.view.ts";
import { expect, test } from "vitest";
import { eventsAsCsv } from "./event-csv.ts";

const event: EventView = eventView.parse({
  id: "evt_01JD8Z5K3QW8R4T6Y2X9V7B1CN",
  at: "2026-06-09T12:00:00.000Z",
  operation: "request.create",
  outcome: "done",
  actor: { kind: "user", id: "usr_01JD8Z5K3QW8R4T6Y2X9V7B1CN", name: 'Erin "E" Vale, engineer' },
  subjectId: "req_01JD8Z5K3QW8R4T6Y2X9V7B1CN",
  story: "01JD8Z5K3QW8R4T6Y2X9V7B1CN",
  database: null,
  requestId: "r1",
  sourceIp: null,
  data: { reason: "two\nlines" },
});

test("a line for the columns and one for each event, each with the same number of cells", () => {
  const lines = eventsAsCsv([event, event]).split("\r\n");
  expect(lines).toHaveLength(4);
  expect(lines[0]?.split(",")).toHaveLength(16);
  expect(lines.at(-1)).toBe("");
});

test("quotes and commas stay inside their cell", () => {
  expect(eventsAsCsv([event])).toContain(',"Erin ""E"" Vale, engineer",');
  expect(eventsAsCsv([event])).toContain('"{""reason"":""two\\nlines""}"');
});

test.each(["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1"])("%j does not become a formula", (name) => {
  const text = eventsAsCsv([{ ...event, actor: { ...event.actor, name } }]);
  expect(text).toContain(`'${name}`);
});
