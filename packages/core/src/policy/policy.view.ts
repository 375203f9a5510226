import { z } from "zod";
import { databaseRefView, levelSchema } from "../catalog/catalog.view.ts";
import { userRefView } from "../identity/user.view.ts";
import { instantSchema } from "../kernel/clock.ts";
import { idSchema } from "../kernel/ids.ts";
import { policyDocumentSchema } from "./policy.ts";
import { stuckView } from "./stuck.view.ts";

export const policyView = z
  .strictObject({
    id: idSchema("policy"),
    version: z.number().int(),
    updatedAt: instantSchema,
    /** Null for what the installation made by itself. */
    updatedBy: userRefView.nullable(),
    /** Environments and instances by the names that they have now, whatever they were called when it was written. */
    policy: policyDocumentSchema,
    /** What it names and nothing is: names that do not exist, and ids of what was deleted. */
    unmatched: z.strictObject({ environments: z.array(z.string()), instances: z.array(z.string()) }),
    /** Nobody known can give the approval that it asks for. */
    stuck: stuckView.nullable(),
  })
  .meta({ id: "Policy" });
export type PolicyView = z.output<typeof policyView>;

/** `code` is stable, `message` an English sentence, `parameters` what the sentence is made of. */
const reasonView = z
  .strictObject({ code: z.string(), message: z.string(), parameters: z.record(z.string(), z.unknown()) })
  .meta({ id: "Reason" });

const approvalStepView = z.strictObject({
  name: z.string().optional(),
  count: z.number().int(),
  users: z.array(z.string()),
  groups: z.array(z.string()),
});

const decisionView = z
  .discriminatedUnion("outcome", [
    z.strictObject({
      outcome: z.literal("allowed"),
      policyId: z.string(),
      policyName: z.string(),
      policyVersion: z.number().int(),
      maxDurationMinutes: z.number().int(),
      maxTotalMinutes: z.number().int(),
      hours: z
        .strictObject({
          timeZone: z.string(),
          weekdays: z.array(z.string()),
          from: z.string(),
          to: z.string(),
        })
        .nullable(),
      /** In order, without the asker. */
      steps: z.array(approvalStepView),
      automatic: z.boolean(),
      unmask: z.boolean(),
      export: z.boolean(),
    }),
    z.strictObject({ outcome: z.literal("refused"), code: z.string(), reasons: z.array(reasonView) }),
  ])
  .meta({ id: "Decision" });

export const explanationView = z
  .strictObject({
    decision: decisionView,
    /** Ids of the policy that allows, or of those that deny. */
    decidedBy: z.array(z.string()),
    /** Every policy for administrators and auditors, else only those that matched. */
    considered: z.array(
      z.strictObject({
        policyId: z.string(),
        policyName: z.string(),
        effect: z.enum(["allow", "deny"]),
        verdict: z.enum(["decides", "also-allows", "overruled", "denies", "limits", "no-match"]),
        reason: reasonView,
      }),
    ),
    /** Ways to be allowed, nearest first; any one of them is enough. */
    needed: z.array(
      z.strictObject({ policyId: z.string(), policyName: z.string(), reasons: z.array(reasonView) }),
    ),
    summary: z.string(),
    /** It is allowed, and nobody known can approve it. */
    stuck: stuckView.nullable(),
  })
  .meta({ id: "Explanation" });
export type ExplanationView = z.output<typeof explanationView>;

const cellView = z.strictObject({
  decision: z.enum(["automatic", "approval", "denied", "refused"]),
  maxDurationMinutes: z.number().int(),
  approvals: z.number().int(),
});
const matrixCell = z.partialRecord(levelSchema, cellView);

/** Who may ask for what at this moment: `subjects[i].cells[j]` is about `databases[j]`. */
export const matrixView = z
  .strictObject({
    databases: z.array(databaseRefView),
    subjects: z.array(
      z.strictObject({
        kind: z.enum(["everyone", "group", "user"]),
        /** A group's name as in the identity provider, or a person's name. */
        name: z.string(),
        cells: z.array(matrixCell),
      }),
    ),
    /** More is registered than one answer shows. */
    truncated: z.boolean(),
  })
  .meta({ id: "Matrix" });
export type MatrixView = z.output<typeof matrixView>;
