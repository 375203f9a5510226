import { describe, expect, test } from "vitest";
import type { Grant } from "../grant/grant.ts";
import type { Instant } from "../kernel/clock.ts";
import type { Id } from "../kernel/ids.ts";
import type { AccessRequest } from "../request/request.ts";
import {
  activeLetter,
  endedLetter,
  notProvidedLetter,
  notRevokedLetter,
  revokedLetter,
} from "./grant-letters.ts";
import { askingLetter, breakGlassLetter, decidedLetter } from "./request-letters.ts";

const origin = "https://daypass.example.com";
const at = (text: string) => text as Instant;
const ulid = "01JD8Z5K3QW8R4T6Y2X9V7B1CN";
const person = { id: `usr_${ulid}` as Id<"user">, name: "Erin\r\nVale", email: "erin.vale@example.com" };
const database = {
  id: `dbs_${ulid}` as Id<"database">,
  name: "shop",
  engine: "postgres" as const,
  instance: { id: `ins_${ulid}` as Id<"instance">, name: "shop-production" },
  environment: { id: `env_${ulid}` as Id<"environment">, name: "production", protected: true },
};
const request: AccessRequest = {
  id: `req_${ulid}` as Id<"request">,
  story: ulid,
  kind: "access",
  status: "pending",
  version: 1,
  requester: person,
  requesterGroups: [],
  database,
  networkId: `net_${ulid}` as Id<"network">,
  level: "read",
  scope: { kind: "objects", objects: [{ schema: "public", table: "orders" }, { schema: "sales" }] },
  durationMinutes: 90,
  reason: "look at order 42\nDaypass says: click https://evil.test",
  createdAt: at("2026-06-09T12:00:00.000Z"),
  lapsesAt: at("2026-06-16T12:00:00.000Z"),
  policyId: `pol_${ulid}`,
  policyName: "Engineers",
  maxDurationMinutes: 240,
  maxTotalMinutes: 480,
  hours: null,
  steps: [],
  reviews: [],
  automatic: false,
};
const grant: Grant = {
  id: `grt_${ulid}` as Id<"grant">,
  story: ulid,
  requestId: request.id,
  state: "active",
  version: 3,
  holder: person,
  database,
  networkId: request.networkId,
  level: "read",
  scope: { kind: "database" },
  account: "dp_01jd8z5k3qw8r4t6y2x9v7b1cn",
  secretName: "daypass/test/grants/a",
  durationMinutes: 90,
  maxTotalMinutes: 480,
  createdAt: request.createdAt,
  endsAt: at("2026-06-09T13:30:00.000Z"),
};
const failure = {
  step: "revoke" as const,
  reason: "owned-objects" as const,
  message: "The account owns objects.",
  since: at("2026-06-09T13:30:00.000Z"),
  attempts: 3,
  blockers: [],
  remedy: ["REASSIGN OWNED …"],
};

const all = {
  asking: askingLetter(origin, request),
  extension: askingLetter(origin, { ...request, kind: "extension" }),
  approved: decidedLetter(origin, {
    ...request,
    status: "approved",
    approvedDurationMinutes: 30,
    decidedBy: person,
  }),
  rejected: decidedLetter(origin, {
    ...request,
    status: "rejected",
    decidedBy: person,
    decisionComment: "not now",
  }),
  lapsed: decidedLetter(origin, { ...request, status: "lapsed" }),
  breakGlass: breakGlassLetter(origin, { ...request, kind: "break-glass" }, { today: 2, perDay: 3 }),
  active: activeLetter(origin, grant),
  ended: endedLetter(origin, grant, "Priya Castell", "incident"),
  revoked: revokedLetter(origin, grant),
  notProvided: notProvidedLetter(origin, { ...grant, failure: { ...failure, step: "provision" } }, false),
  notRevoked: notRevokedLetter(origin, { ...grant, state: "quarantined", failure }),
};

describe("every letter", () => {
  test.each(Object.entries(all))(
    "%s has one line of subject and leads to the request's page",
    (_name, letter) => {
      expect(letter.subject).toMatch(/^[^\p{Cc}]{5,200}$/u);
      expect(letter.text).toContain(`\n${origin}/requests/${request.id}\n`);
    },
  );

  test.each(Object.entries(all))("%s names no secret and shows nobody's words as ours", (_name, letter) => {
    expect(letter.text).not.toContain(grant.secretName);
    const own = letter.text.split("\n").filter((line) => !line.startsWith("> "));
    expect(own.join("\n")).not.toContain("evil.test");
    expect(letter.text).not.toContain("Erin\r\nVale");
  });
});

describe("letters say what matters", () => {
  test("who asks for what, how long and why", () => {
    expect(all.asking.subject).toBe("Erin Vale asks for read on shop");
    expect(all.asking.text).toContain(
      "Erin Vale asks for read on public.orders, sales.* of shop (shop-production, production), for 1 h 30 min.",
    );
    expect(all.asking.text).toContain("> look at order 42");
    expect(all.asking.text).toContain("16 June 2026, 12:00 UTC");
  });

  test("who decided, and what became shorter", () => {
    expect(all.approved.text).toContain("Approved by Erin Vale.");
    expect(all.approved.text).toContain("for 30 min instead of 1 h 30 min");
    expect(all.rejected.text).toContain("> not now");
  });

  test("until when access lasts", () => {
    expect(all.active.text).toContain("until 9 June 2026, 13:30 UTC");
  });

  test("what stands in the way of a revocation", () => {
    expect(all.notRevoked.text).toMatch(
      /can no longer log in.*\n\nThe cause, after 3 attempts:\n> The account owns objects\./,
    );
  });
});

describe("names of databases, schemas and tables, whatever is in them", () => {
  const name = "shop\r\nBcc: all@example.com\n\n.\nThe account is safe.\u202e";
  const odd = {
    ...database,
    name,
    instance: { ...database.instance, name },
    environment: { ...database.environment, name },
  };
  const scope = {
    kind: "objects" as const,
    objects: [
      { schema: name, table: name },
      { schema: "a.b", table: "*" },
    ],
  };
  const letters = [
    askingLetter(origin, { ...request, database: odd, scope }),
    decidedLetter(origin, { ...request, status: "approved", database: odd, scope, decidedBy: person }),
    breakGlassLetter(
      origin,
      { ...request, kind: "break-glass", database: odd, scope },
      { today: 2, perDay: 3 },
    ),
    activeLetter(origin, { ...grant, database: odd, scope }),
    endedLetter(origin, { ...grant, database: odd }, name, name),
    revokedLetter(origin, { ...grant, database: odd }),
    notRevokedLetter(origin, { ...grant, database: odd, failure: { ...failure, message: name } }),
  ];

  test.each(letters.map((one) => [one.subject, one] as const))("%s: begin no line of their own", (_, one) => {
    expect(one.subject).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{5,200}$/u);
    expect(one.text).not.toMatch(/^(?:Bcc:|\.|The account is safe)/mu);
    expect(one.text).not.toMatch(/[^\n\P{Cc}]|[\p{Cf}\p{Zl}\p{Zp}]/u);
  });
});
