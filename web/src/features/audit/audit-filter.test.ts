import { describe, expect, it } from "vitest";
import { auditFilterOf, auditSearchOf } from "./audit-filter.ts";
import { eventTimeMs } from "./event-time.ts";

const ulid = "01JD8Z5K3QW8R4T6Y2X9V7B1CN";

describe("auditSearchOf", () => {
  it("reads every filter from the address", () => {
    const search = {
      actor: `usr_${ulid}`,
      database: `dbs_${ulid}`,
      operation: "grant.finish",
      outcome: "denied",
      subject: `req_${ulid}`,
      from: "2026-03-01T00:00:00Z",
      to: "2026-03-02T00:00:00.000Z",
      q: 4711,
    };
    expect(auditSearchOf(search)).toEqual({ ...search, from: "2026-03-01T00:00:00.000Z", q: "4711" });
  });

  it("leaves out what the server would refuse", () => {
    expect(
      auditSearchOf({
        actor: "Erin",
        database: `ins_${ulid}`,
        operation: "grant.fly",
        outcome: "ok",
        subject: "x",
        from: "yesterday",
      }),
    ).toEqual({});
  });

  it("lets a time up to now stand above fixed instants", () => {
    expect(auditSearchOf({ last: "7d", from: "2026-03-01T00:00:00Z" })).toEqual({ last: "7d" });
  });
});

describe("auditFilterOf", () => {
  it("asks the same question within a minute", () => {
    const at = Date.parse("2026-03-13T12:00:10.000Z");
    const filter = auditFilterOf({ last: "1h", q: "x" }, at);
    expect(filter).toEqual({ q: "x", from: "2026-03-13T11:00:00.000Z" });
    expect(auditFilterOf({ last: "1h", q: "x" }, at + 40_000)).toEqual(filter);
  });
});

describe("eventTimeMs", () => {
  it("reads the moment off the identifier, so that an event can be found by it", () => {
    expect(eventTimeMs("evt_01ARYZ6S41TSV4RRFFQ69G5FAV")).toBe(1_469_918_176_385);
  });

  it("knows nothing of other identifiers", () => {
    expect(eventTimeMs(`req_${ulid}`)).toBeNull();
    expect(eventTimeMs("evt_1")).toBeNull();
  });
});
