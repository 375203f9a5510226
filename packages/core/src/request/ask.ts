import { z } from "zod";
import { levelSchema, scopeSchema } from "../catalog/catalog.view.ts";
import { policyUser } from "../identity/user.ts";
import { epochMs, type Instant } from "../kernel/clock.ts";
import type { UserActor } from "../kernel/context.ts";
import { forbidden } from "../kernel/errors.ts";
import { idSchema } from "../kernel/ids.ts";
import { prose } from "../kernel/prose.ts";
import type { AllowedDecision } from "../policy/decision.ts";
import { evaluate } from "../policy/evaluate.ts";
import type { Policy } from "../policy/policy.ts";
import type { PolicyQuestion, PolicyTarget } from "../policy/question.ts";

/** Whole minutes, at most 30 days; what is really allowed is the policy's to say. */
export const durationMinutesSchema = z
  .number()
  .int()
  .min(1)
  .max(43_200)
  .meta({ description: "Minutes of access" });

const tooShort = "say in a few words why";

/** Why access is needed: something must be said, in printable text. */
export const reasonSchema = prose({ min: 3, max: 2000, tooShort }).regex(
  /(?![\u115f\u1160\u3164\uffa0])[\p{L}\p{N}]/u,
  tooShort,
);

/** What somebody wants to have. */
export const askFields = {
  databaseId: idSchema("database"),
  level: levelSchema,
  scope: scopeSchema.default({ kind: "database" }),
  durationMinutes: durationMinutesSchema,
  breakGlass: z.boolean().default(false),
};

type Ask = { level: PolicyQuestion["level"]; durationMinutes: number; breakGlass: boolean };

export function questionOf(actor: UserActor, target: PolicyTarget, ask: Ask, now: Instant): PolicyQuestion {
  return {
    user: policyUser(actor),
    target,
    level: ask.level,
    durationMinutes: ask.durationMinutes,
    at: epochMs(now),
    kind: ask.breakGlass ? "break-glass" : "request",
  };
}

/** @throws DomainError forbidden `request.refused` with the reasons of the policies. */
export function allowedOrRefused(policies: readonly Policy[], question: PolicyQuestion): AllowedDecision {
  const decision = evaluate(policies, question);
  if (decision.outcome === "allowed") return decision;
  const messages = decision.reasons.map((reason) => reason.message);
  throw forbidden("request.refused", messages.join(" "), { policyCode: decision.code, reasons: messages });
}
