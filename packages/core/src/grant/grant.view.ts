import { z } from "zod";
import { databaseRefView, levelSchema, scopeSchema } from "../catalog/catalog.view.ts";
import { userRefView } from "../identity/user.view.ts";
import { instantSchema } from "../kernel/clock.ts";
import { idSchema } from "../kernel/ids.ts";

export const grantStates = [
  "planned",
  "provisioning",
  "active",
  "revoking",
  "quarantined",
  "revoked",
  "written-off",
] as const;
export const grantStateSchema = z.enum(grantStates).meta({ id: "GrantState" });
export type GrantState = z.output<typeof grantStateSchema>;

export const failureReasons = [
  "unreachable",
  "permission",
  "owned-objects",
  "lock",
  "capacity",
  "server-changed",
  "refused",
  "other",
] as const;

/** What administrators are told of: still there five minutes after its end; gone while its access lasts; able to do
 * more than was lent, or less; there again after it was said to be gone. */
export const alarmCauses = ["not-revoked", "missing", "altered", "reappeared"] as const;
export type AlarmCause = (typeof alarmCauses)[number];

/** What the database does at the end by itself, should all of ours be down: refuse logins; end sessions and drop the
 * account as well; or nothing. */
export const deadManSwitchSchema = z.enum(["login", "drop", "none"]).meta({ id: "DeadManSwitch" });
export type DeadManSwitch = z.output<typeof deadManSwitchSchema>;

/** Why it does not get on: the last error, since when, how often tried, and what to run by hand. */
export const failureView = z
  .strictObject({
    step: z.enum(["provision", "extend", "revoke"]),
    reason: z.enum(failureReasons),
    message: z.string(),
    /** Whether the server refuses new logins of the account already; null where nobody could look. */
    loginDenied: z.boolean().nullable(),
    since: instantSchema,
    attempts: z.number().int(),
    blockers: z.array(z.string()),
    remedy: z.array(z.string()),
  })
  .meta({ id: "Failure" });
export type FailureView = z.output<typeof failureView>;

export const grantView = z
  .strictObject({
    id: idSchema("grant"),
    requestId: idSchema("request"),
    state: grantStateSchema,
    holder: userRefView,
    database: databaseRefView,
    level: levelSchema,
    scope: scopeSchema,
    /** Name of the database account. */
    account: z.string(),
    durationMinutes: z.number().int(),
    createdAt: instantSchema,
    /** When access began: the clock starts here. */
    startedAt: instantSchema.nullable(),
    /** Absolute end; null until access starts. */
    endsAt: instantSchema.nullable(),
    /** What the database itself enforces as the end of the account's logins. */
    databaseEndsAt: instantSchema.nullable(),
    /** What the database does then without us; null until the account is made, and for grants from before it was kept. */
    deadManSwitch: deadManSwitchSchema.nullable(),
    endedBy: z.enum(["expiry", "holder", "administrator", "failure"]).nullable(),
    revokedAt: instantSchema.nullable(),
    /** When a query of the server showed the account absent; revoked is said only after it. */
    absentAt: instantSchema.nullable(),
    failure: failureView.nullable(),
    /** When what failed is tried again by itself. */
    nextAttemptAt: instantSchema.nullable(),
    /** When its timer last acted on it; null while there was no sign of one, and the sweeper alone looks. */
    timerSeenAt: instantSchema.nullable(),
    /** The server on which the account was made; `identity` is null where it does not tell one. */
    server: z
      .strictObject({ host: z.string(), port: z.number().int(), identity: z.string().nullable() })
      .nullable(),
    /** What administrators were told of it, each cause once. */
    alarms: z.array(z.strictObject({ cause: z.enum(alarmCauses), at: instantSchema })),
    /** Set in the state written-off alone: by whom and why. The account's absence was not seen. */
    writtenOff: z.strictObject({ at: instantSchema, by: userRefView, reason: z.string() }).nullable(),
    /** An extension that waits for its approval. */
    pendingExtensionId: idSchema("request").nullable(),
    /** Longest extension that policy leaves, in minutes; 0 = none. */
    maxExtensionMinutes: z.number().int(),
    may: z.strictObject({
      showCredential: z.boolean(),
      extend: z.boolean(),
      end: z.boolean(),
      retry: z.boolean(),
      writeOff: z.boolean(),
    }),
    version: z.number().int(),
  })
  .meta({ id: "Grant" });
export type GrantView = z.output<typeof grantView>;

/** The sweeper's sign of life; it looks every minute. */
export const sweeperView = z
  .strictObject({
    /** When its last sweep came to its end; null before the first. */
    sweptAt: instantSchema.nullable(),
  })
  .meta({ id: "Sweeper" });
export type SweeperView = z.output<typeof sweeperView>;
