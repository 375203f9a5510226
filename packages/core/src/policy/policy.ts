import { z } from "zod";
import { isTimeZone, weekdays } from "./time-zone.ts";

/** From the least to the most; each level includes what the ones before it may do. */
export const levels = ["read", "write", "ddl"] as const;
export type Level = (typeof levels)[number];

export const policyLimits = {
  nameLength: 100,
  descriptionLength: 1_000,
  identifierLength: 256,
  people: 50,
  patterns: 20,
  patternLength: 128,
  labels: 20,
  steps: 5,
  approversPerStep: 10,
  breakGlassUses: 50,
  minDurationMinutes: 1,
  maxDurationMinutes: 30 * 24 * 60,
} as const;

/** What one line of text must not hide: control and invisible formatting characters, lone surrogates, outer spaces. */
const plainLine = /^(?!\s)[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+(?<!\s)$/u;
const plainText = /^(?:[^\p{Cc}\p{Cf}\p{Cs}]|[\n\t])*$/u;
const labelPair = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}=[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{0,256}$/u;
const wallTime = /^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/;

const line = (maxLength: number) =>
  z.string().min(1).max(maxLength).regex(plainLine, "has outer spaces or invisible characters");
const identifier = line(policyLimits.identifierLength);
const durationMinutes = z.int().min(policyLimits.minDurationMinutes).max(policyLimits.maxDurationMinutes);

/** Empty lists are refused where a list narrows: nobody should have to guess whether "none" means all. */
const listOf = <Item extends z.ZodType<string>>(item: Item, max: number) =>
  z.array(item).min(1).max(max).refine(isDistinct, "names something twice");

/** People named one by one or through a group of the identity provider; `everyone` stands alone. */
export const policyWhoSchema = z
  .strictObject({
    everyone: z.boolean().default(false),
    users: z.array(identifier).max(policyLimits.people).refine(isDistinct, "names a user twice").default([]),
    groups: z
      .array(identifier)
      .max(policyLimits.people)
      .refine(isDistinct, "names a group twice")
      .default([]),
  })
  .refine((who) => who.everyone !== who.users.length + who.groups.length > 0, {
    message: "needs either everyone, or at least one user or group",
  });

/**
 * Which databases: every field that is present must match, any one entry of a field is enough, except labels,
 * which must all be on the database. `{}` is every database outside protected environments.
 */
export const policyTargetsSchema = z.strictObject({
  /** Ids or exact names; a name that something has is kept as its id. */
  environments: listOf(identifier, policyLimits.patterns).optional(),
  /** Ids or exact names; a name that something has is kept as its id. */
  instances: listOf(identifier, policyLimits.patterns).optional(),
  /** Patterns over the database's name: `*` is any text, also none; all else is literal and case-sensitive. */
  databases: listOf(line(policyLimits.patternLength), policyLimits.patterns).optional(),
  /** `key=value`, compared exactly. */
  labels: listOf(z.string().regex(labelPair, "is not key=value"), policyLimits.labels)
    .refine((pairs) => isDistinct(pairs.map((pair) => pair.slice(0, pair.indexOf("=")))), "names a key twice")
    .optional(),
  /** Only protected environments, or only the others. */
  protected: z.boolean().optional(),
});

/** `from` is in, `to` is out; `to` before `from` runs past midnight and belongs to the weekday it began on. */
export const policyHoursSchema = z
  .strictObject({
    timeZone: z.string().max(64).refine(isTimeZone, "is not an IANA time zone such as Asia/Tokyo"),
    weekdays: z.array(z.enum(weekdays)).min(1).max(7).refine(isDistinct, "names a weekday twice"),
    from: z.string().regex(wallTime, "is not a time such as 09:00"),
    to: z.union([z.string().regex(wallTime, "is not a time such as 18:00"), z.literal("24:00")]),
  })
  .refine((hours) => hours.from !== hours.to, {
    message: "from and to are the same; the whole day is 00:00 to 24:00",
  });

/** `count` different people out of those named must approve. Nobody counts in two steps of one request. */
export const approvalStepSchema = z
  .strictObject({
    name: line(policyLimits.nameLength).optional(),
    count: z.int().min(1).max(policyLimits.approversPerStep),
    users: z.array(identifier).refine(isDistinct, "names a user twice").default([]),
    groups: z.array(identifier).refine(isDistinct, "names a group twice").default([]),
  })
  .refine((step) => step.users.length + step.groups.length > 0, {
    message: "needs at least one user or group who may approve",
  })
  .refine((step) => step.users.length + step.groups.length <= policyLimits.approversPerStep, {
    message: `names more than ${policyLimits.approversPerStep} approvers`,
  })
  .refine((step) => step.groups.length > 0 || step.count <= step.users.length, {
    message: "needs more approvals than there are approvers",
    path: ["count"],
  });

const common = {
  name: line(policyLimits.nameLength),
  description: z.string().max(policyLimits.descriptionLength).regex(plainText).default(""),
  enabled: z.boolean().default(true),
  who: policyWhoSchema,
  on: policyTargetsSchema,
};

export const allowPolicySchema = z.strictObject({
  ...common,
  effect: z.literal("allow"),
  may: z.strictObject({
    /** Exactly these: a policy that lets write does not thereby let read be asked for. */
    levels: listOf(z.enum(levels), levels.length),
    unmask: z.boolean().default(false),
    export: z.boolean().default(false),
    /** Access at once, without approval and at any hour, reported loudly. */
    breakGlass: z
      .strictObject({
        maxDurationMinutes: durationMinutes,
        /** How often one person may use it within 24 hours; left out: 3. */
        perPersonPerDay: z.int().min(1).max(policyLimits.breakGlassUses).optional(),
        /** How many such accesses one person may hold at the same time; left out: 1. */
        perPersonAtOnce: z.int().min(1).max(policyLimits.breakGlassUses).optional(),
      })
      .optional(),
  }),
  for: z
    .strictObject({
      /** The most that one request or one extension may ask for. */
      maxDurationMinutes: durationMinutes,
      /** The most that a grant may last with its extensions; absent: no longer than one request. */
      maxTotalMinutes: durationMinutes.optional(),
      hours: policyHoursSchema.optional(),
    })
    .refine((limits) => (limits.maxTotalMinutes ?? limits.maxDurationMinutes) >= limits.maxDurationMinutes, {
      message: "is shorter than maxDurationMinutes",
      path: ["maxTotalMinutes"],
    }),
  /** In this order. An empty list approves by itself; it has to be written, it is never assumed. */
  approval: z.array(approvalStepSchema).max(policyLimits.steps),
});

export const denyPolicySchema = z.strictObject({
  ...common,
  effect: z.literal("deny"),
  /** What is taken away. */
  may: z
    .strictObject({
      /** These and the levels above them, since those include them. */
      levels: listOf(z.enum(levels), levels.length).optional(),
      unmask: z.literal(true).optional(),
      export: z.literal(true).optional(),
      breakGlass: z.literal(true).optional(),
    })
    .refine((may) => Object.values(may).some((taken) => taken !== undefined), {
      message: "takes nothing away",
    }),
  for: z.strictObject({ hours: policyHoursSchema.optional() }).default({}),
});

/** A policy as people write it: strict, every unknown field is refused. */
export const policyDocumentSchema = z.discriminatedUnion("effect", [allowPolicySchema, denyPolicySchema]);

export type PolicyDocument = z.output<typeof policyDocumentSchema>;
export type PolicyDocumentInput = z.input<typeof policyDocumentSchema>;
export type AllowPolicy = z.output<typeof allowPolicySchema>;
export type DenyPolicy = z.output<typeof denyPolicySchema>;
export type PolicyHours = z.output<typeof policyHoursSchema>;
export type ApprovalStep = z.output<typeof approvalStepSchema>;

/** A stored policy: its document under an id, with the version that each edit raises by one. */
export interface Policy<Document extends PolicyDocument = PolicyDocument> {
  readonly id: string;
  readonly version: number;
  readonly document: Document;
}

function isDistinct(items: readonly string[]): boolean {
  return new Set(items).size === items.length;
}
