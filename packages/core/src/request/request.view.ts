import { z } from "zod";
import { eventView } from "../audit/event.view.ts";
import { databaseRefView, levelSchema, scopeSchema } from "../catalog/catalog.view.ts";
import { grantView } from "../grant/grant.view.ts";
import { userRefView } from "../identity/user.view.ts";
import { instantSchema } from "../kernel/clock.ts";
import { idSchema } from "../kernel/ids.ts";
import { stuckView } from "../policy/stuck.view.ts";

export const requestStatuses = ["pending", "approved", "rejected", "cancelled", "lapsed"] as const;
export const requestStatusSchema = z.enum(requestStatuses).meta({ id: "RequestStatus" });
export type RequestStatus = z.output<typeof requestStatusSchema>;

export const requestKinds = ["access", "extension", "break-glass"] as const;
export const requestKindSchema = z.enum(requestKinds).meta({ id: "RequestKind" });
export type RequestKind = z.output<typeof requestKindSchema>;

export const stepView = z
  .strictObject({
    name: z.string().nullable(),
    /** So many different people must approve. */
    count: z.number().int(),
    users: z.array(userRefView),
    groups: z.array(z.string()),
    approvedBy: z.array(userRefView),
    status: z.enum(["done", "current", "waiting"]),
  })
  .meta({ id: "Step" });
export type StepView = z.output<typeof stepView>;

export const requestView = z
  .strictObject({
    id: idSchema("request"),
    kind: requestKindSchema,
    status: requestStatusSchema,
    requester: userRefView,
    database: databaseRefView,
    level: levelSchema,
    scope: scopeSchema,
    /** As asked. */
    durationMinutes: z.number().int(),
    /** As approved; an approver may have shortened it. */
    approvedDurationMinutes: z.number().int().nullable(),
    reason: z.string(),
    createdAt: instantSchema,
    /** A request that nobody decided lapses then. */
    lapsesAt: instantSchema,
    decidedAt: instantSchema.nullable(),
    decidedBy: userRefView.nullable(),
    decisionComment: z.string().nullable(),
    steps: z.array(stepView),
    /** Approved by a policy without approval steps. */
    automatic: z.boolean(),
    grantId: idSchema("grant").nullable(),
    /** State of its grant, and its end, where there is one. */
    grantState: z.string().nullable(),
    grantEndsAt: instantSchema.nullable(),
    extendsGrantId: idSchema("grant").nullable(),
    /** Nobody known can complete the approval. Looked at for a single request, and in the list for administrators and
     * auditors; null elsewhere. */
    stuck: stuckView.nullable(),
    may: z.strictObject({ review: z.boolean(), comment: z.boolean(), cancel: z.boolean() }),
    version: z.number().int(),
  })
  .meta({ id: "Request" });
export type RequestView = z.output<typeof requestView>;

/** What the account will be able to do, as sentences and as the very SQL, worked out on the server. */
export const privilegesView = z
  .strictObject({ can: z.array(z.string()), cannot: z.array(z.string()), sql: z.array(z.string()) })
  .meta({ id: "Privileges" });
export type PrivilegesView = z.output<typeof privilegesView>;

export const requestDetailView = z
  .strictObject({
    ...requestView.shape,
    requesterGroups: z.array(z.string()),
    privileges: privilegesView,
    policy: z.strictObject({ id: idSchema("policy"), name: z.string() }),
    /** Longest duration an approver may give, in minutes. */
    maxDurationMinutes: z.number().int(),
    grant: grantView.nullable(),
    /** The whole story in order, oldest first: request, reviews, provisioning, credential showings, extensions, end. */
    timeline: z.array(eventView),
    /** What this person asked of this database before, newest first. */
    earlier: z.array(
      z.strictObject({
        id: idSchema("request"),
        level: levelSchema,
        status: requestStatusSchema,
        durationMinutes: z.number().int(),
        reason: z.string(),
        createdAt: instantSchema,
      }),
    ),
    /** Who else has access to the database now. */
    others: z.array(
      z.strictObject({ name: z.string(), level: levelSchema, endsAt: instantSchema.nullable() }),
    ),
  })
  .meta({ id: "RequestDetail" });
export type RequestDetailView = z.output<typeof requestDetailView>;

/** Before sending: is it allowed, who decides, what exactly, until when. */
export const previewView = z
  .strictObject({
    allowed: z.boolean(),
    reasons: z.array(z.string()),
    automatic: z.boolean(),
    steps: z.array(stepView),
    maxDurationMinutes: z.number().int().nullable(),
    privileges: privilegesView,
    policy: z.strictObject({ id: idSchema("policy"), name: z.string() }).nullable(),
    /** It could be asked for, and would wait for nobody. */
    stuck: stuckView.nullable(),
  })
  .meta({ id: "Preview" });
export type PreviewView = z.output<typeof previewView>;
