import { planningGrant } from "@daypass/core/grant/grant.store.ts";
import type { Grant } from "@daypass/core/grant/grant.ts";
import type { UserRef } from "@daypass/core/identity/user.view.ts";
import { epochMs, type Instant, instantOf, plusMinutes } from "@daypass/core/kernel/clock.ts";
import type { Actor, Context, OperationName } from "@daypass/core/kernel/context.ts";
import { eventOf, recording } from "@daypass/core/kernel/event.store.ts";
import { idFrom, newId, ulidOf } from "@daypass/core/kernel/ids.ts";
import type { Write } from "@daypass/core/kernel/table.ts";
import { passing } from "@daypass/core/request/inbox.store.ts";
import { planGrant } from "@daypass/core/request/plan-grant.ts";
import { creatingRequest } from "@daypass/core/request/request.store.ts";
import type { AccessRequest } from "@daypass/core/request/request.ts";
import { encodeTime, monotonicFactory } from "ulid";

export type Cast = { engineer: UserRef; others: readonly UserRef[]; lead: UserRef };
export type Place = Pick<AccessRequest, "database" | "networkId">;

/** The operations of one story from the request to the dropped account, in order. */
const story: readonly { operation: OperationName; by: "requester" | "lead" | "workflow" }[] = [
  { operation: "request.create", by: "requester" },
  { operation: "request.review", by: "lead" },
  { operation: "grant.start", by: "workflow" },
  { operation: "grant.activate", by: "workflow" },
  { operation: "grant.show-credential", by: "requester" },
  { operation: "grant.begin-revocation", by: "workflow" },
  { operation: "grant.finish", by: "workflow" },
];

const firstMs = Date.parse("2024-01-01T00:00:00.000Z");
const apartMs = 10 * 60_000;

/** One approved request of the past with its revoked grant: the engineer's two times out of three. */
export function pastRequest(
  cast: Cast,
  place: Place,
  index: number,
): { request: AccessRequest; grant: Grant } {
  const at = instantOf(firstMs + index * apartMs);
  const other = cast.others[index % cast.others.length] ?? cast.engineer;
  const pending = requestAt(at, index % 3 === 2 ? other : cast.engineer, cast.lead, place);
  const decidedAt = plusMinutes(at, 5);
  const grant = planGrant(pending, "bench", decidedAt);
  const endsAt = plusMinutes(decidedAt, grant.durationMinutes);
  return {
    request: {
      ...pending,
      status: "approved",
      version: 2,
      decidedAt,
      decidedBy: cast.lead,
      reviews: [{ reviewer: cast.lead, step: 0, decision: "approve", at: decidedAt }],
      approvedDurationMinutes: pending.durationMinutes,
      grantId: grant.id,
    },
    grant: {
      ...grant,
      state: "revoked",
      version: 5,
      startedAt: decidedAt,
      endsAt,
      databaseEndsAt: endsAt,
      endedBy: "expiry",
      revokedAt: endsAt,
      serverId: 16_384 + index,
    },
  };
}

/** One that waits for the lead. */
export function pendingRequest(cast: Cast, place: Place, at: Instant, index: number): AccessRequest {
  const requester = cast.others[index % cast.others.length] ?? cast.engineer;
  return { ...requestAt(at, requester, cast.lead, place), lapsesAt: plusMinutes(at, 10_080) };
}

/** The rows that the stores themselves write for a request of the past, with one event of its story. */
export function writesOfPast(ctx: Context, cast: Cast, place: Place, index: number): Write[] {
  const { request, grant } = pastRequest(cast, place, index);
  const step = index % story.length;
  return [creatingRequest(ctx, request), planningGrant(ctx, grant), ...eventsOf(ctx, cast, request, [step])];
}

/** The same with every event of its story. */
export function writesWithStory(ctx: Context, cast: Cast, place: Place, index: number) {
  const { request, grant } = pastRequest(cast, place, index);
  const steps = story.map((_, step) => step);
  const writes = [
    creatingRequest(ctx, request),
    planningGrant(ctx, grant),
    ...eventsOf(ctx, cast, request, steps),
  ];
  return { request, writes };
}

export function writesOfPending(ctx: Context, request: AccessRequest): Write[] {
  return [creatingRequest(ctx, request), ...passing(ctx, request, undefined, request.steps[0])];
}

function eventsOf(ctx: Context, cast: Cast, request: AccessRequest, steps: readonly number[]): Write[] {
  return steps.flatMap((step) => {
    const part = story[step];
    if (!part) return [];
    const at = plusMinutes(request.createdAt, step);
    const { id, name } = part.by === "lead" ? cast.lead : request.requester;
    const actor: Actor =
      part.by === "workflow" ? { kind: "system", name: "workflow" } : { ...person, id, name, email: "" };
    const then: Context = {
      ...ctx,
      actor,
      clock: { ...ctx.clock, now: () => at },
      ids: { ulid: () => ulidAt(at) },
    };
    const { database } = request;
    const event = eventOf(then, part.operation, {
      subjectId: part.operation.startsWith("grant") ? idFrom("grant", ulidOf(request.id)) : request.id,
      story: request.story,
      database: {
        id: database.id,
        name: database.name,
        instance: database.instance.name,
        environment: database.environment.name,
      },
      data: { status: request.status, durationMinutes: request.durationMinutes, reason: request.reason },
    });
    return [recording(then, event)];
  });
}

const person = {
  kind: "user",
  groups: [],
  roles: ["member"],
  scopes: [],
  via: { kind: "session", idHash: "" },
} as const;

function requestAt(at: Instant, requester: UserRef, lead: UserRef, place: Place): AccessRequest {
  const id = newId("request", { ulid: () => ulidAt(at) });
  return {
    ...place,
    id,
    story: ulidOf(id),
    kind: "access",
    status: "pending",
    version: 1,
    requester,
    requesterGroups: ["engineers"],
    level: "read",
    scope: { kind: "objects", objects: [{ schema: "public", table: "orders" }] },
    durationMinutes: 60,
    reason: "The totals of yesterday's orders do not add up; comparing them with the payments.",
    createdAt: at,
    lapsesAt: plusMinutes(at, 10_080),
    policyId: idFrom("policy", "01JD8Z5K3QW8R4T6Y2X9V7B1CN"),
    policyName: "The shop in production, with a lead's approval",
    maxDurationMinutes: 480,
    maxTotalMinutes: 1440,
    hours: null,
    steps: [{ name: "Team lead", count: 1, users: [lead.id], groups: ["leads"] }],
    reviews: [],
    automatic: false,
  };
}

function ulidAt(at: Instant): string {
  return encodeTime(epochMs(at), 10) + next().slice(10);
}
const next = monotonicFactory();
