import { expect, test } from "vitest";
import { askOf, changed, ticketIn } from "./draft.ts";

test("a draft is a question once it names database, level and duration", () => {
  expect(askOf({ database: "dbs_1", level: "read" })).toBeNull();
  expect(askOf({ database: "dbs_1", level: "read", duration: 60, scope: "public.orders" })).toEqual({
    databaseId: "dbs_1",
    level: "read",
    durationMinutes: 60,
    scope: { kind: "objects", objects: [{ schema: "public", table: "orders" }] },
  });
});

test("break-glass is asked for only when the draft says so", () => {
  const draft = { database: "dbs_1", level: "read", duration: 60 } as const;
  expect(askOf(draft)).not.toHaveProperty("breakGlass");
  expect(askOf({ ...draft, emergency: true })).toHaveProperty("breakGlass", true);
});

test("a field that is taken away is gone from the address", () => {
  expect(changed({ database: "dbs_1", scope: "public.*" }, { scope: undefined })).toEqual({
    database: "dbs_1",
  });
});

test.each([
  ["Refund check for OPS-123, please", "OPS-123", null],
  ["see https://tickets.example.test/browse/OPS-77.", "OPS-77", "https://tickets.example.test/browse/OPS-77"],
  ["https://tickets.example.test/t/5", "tickets.example.test", "https://tickets.example.test/t/5"],
  ["customer call, #4512", "#4512", null],
])("the ticket in %j is seen", (reason, name, href) => {
  expect(ticketIn(reason)).toEqual({ name, href });
});

test("text without a ticket, and a link that is not https, are no ticket", () => {
  expect(ticketIn("looking into slow orders")).toBeNull();
  expect(ticketIn("javascript:alert(1)")).toBeNull();
});
