import { z } from "zod";
import { loadTarget, policyTargetOf, type Target } from "../catalog/catalog.store.ts";
import { levelSchema } from "../catalog/catalog.view.ts";
import { actingUser } from "../identity/acting-user.ts";
import { policyUser } from "../identity/user.ts";
import { epochMs } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { conflict, notFound } from "../kernel/errors.ts";
import { type Id, idSchema } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { type Explanation, explain } from "./explain.ts";
import { findStuck } from "./find-stuck.ts";
import { listPolicies, type StoredPolicy, storedPolicy } from "./policy.store.ts";
import type { Level } from "./policy.ts";
import type { ExplanationView } from "./policy.view.ts";
import type { PolicyUser } from "./question.ts";
import { loadTargetNames, withNames } from "./target-names.ts";

/** What is asked of the simulator. */
export const explainFields = {
  databaseId: idSchema("database"),
  level: levelSchema,
  durationMinutes: z.number().int().min(1).max(43_200),
  kind: z.enum(["request", "break-glass"]).default("request"),
};
type Question = { level: Level; durationMinutes: number; kind: "request" | "break-glass" };

/** May I, who decides, and what would be needed; other people's policies stay unnamed. */
export const explainPolicy = operation({
  name: "policy.explain",
  input: z.strictObject(explainFields),
  load: async (ctx: Context, { databaseId }) => ({
    facts: { what: "database" },
    actor: actingUser(ctx),
    ...(await loadPolicyWorld(ctx, databaseId)),
  }),
  decide: async (ctx, question, { actor, target, policies }) => {
    const isMember = !actor.roles.some((role) => role !== "member");
    if (!target.offered && isMember) throw notFound("database");
    const user = policyUser(actor);
    const full = await explanationFor(ctx, question, user, target, policies);
    if (!isMember) return { result: full };
    const considered = full.considered.filter(({ verdict }) => verdict !== "no-match");
    return { result: { ...full, considered } };
  },
});

/** The database asked about, and all policies by the names of now: these are in the reasons that people read. */
export async function loadPolicyWorld(
  ctx: Context,
  databaseId: Id<"database">,
): Promise<{ target: Target; policies: StoredPolicy[] }> {
  const [target, policies, names] = await Promise.all([
    loadTarget(ctx, databaseId),
    listPolicies(ctx),
    loadTargetNames(ctx),
  ]);
  if (!target) throw notFound("database");
  const readable = policies.map((policy) =>
    storedPolicy({ ...policy, document: withNames(policy.document, names) }),
  );
  return { target, policies: readable };
}

/** @throws DomainError conflict `database.not-offered`. */
export async function explanationFor(
  ctx: Pick<Context, "clock" | "table">,
  { level, durationMinutes, kind }: Question,
  user: PolicyUser,
  target: Target,
  policies: readonly StoredPolicy[],
): Promise<ExplanationView> {
  if (!target.offered) {
    throw conflict("database.not-offered", "This database is gone, or its instance does not offer it.");
  }
  const at = epochMs(ctx.clock.now());
  const question = { user, target: policyTargetOf(target), level, durationMinutes, kind, at };
  const explanation = explain(policies, question);
  const { decision } = explanation;
  const steps = decision.outcome === "allowed" ? decision.steps : [];
  const stuck = await findStuck(ctx, { steps, votes: [], requesterIds: [user.id] });
  const summary = stuck ? `${explanation.summary} ${stuck.message}` : explanation.summary;
  return { ...asView(explanation), summary, stuck };
}

/** The pure answer is read-only all through, which is all that distinguishes it from the view. */
function asView(explanation: Explanation): Omit<ExplanationView, "stuck"> {
  return structuredClone(explanation) as Omit<ExplanationView, "stuck">;
}
