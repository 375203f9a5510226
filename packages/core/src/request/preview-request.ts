import { z } from "zod";
import { connectionSettingsOf } from "../catalog/connection-room.ts";
import { actingUser } from "../identity/acting-user.ts";
import { notFound } from "../kernel/errors.ts";
import { idFrom, ulidOf } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { askable } from "../policy/askable.ts";
import { evaluate } from "../policy/evaluate.ts";
import { findStuck } from "../policy/find-stuck.ts";
import { askFields, questionOf } from "./ask.ts";
import { findTarget } from "./ask-target.ts";
import { glassRefusal, limitsOf, loadGlassLedger } from "./break-glass-limits.ts";
import { presentNewSteps } from "./present-request.ts";
import type { PrivilegesContext } from "./privileges.port.ts";
import type { PreviewView } from "./request.view.ts";
import { scopeProblem } from "./scope-problem.ts";
import { findFullServer } from "./server-room.ts";

/** What would happen if this were asked for now; files nothing. */
export const previewRequest = operation({
  name: "request.preview",
  input: z.strictObject(askFields),
  load: async (ctx: PrivilegesContext, input) => {
    const [target, glass] = await Promise.all([
      findTarget(ctx, input.databaseId, input.scope),
      input.breakGlass ? loadGlassLedger(ctx, actingUser(ctx).id) : undefined,
    ]);
    if (!target) throw notFound("database");
    const [full, problem] = await Promise.all([
      findFullServer(ctx, target.instance, actingUser(ctx).id),
      scopeProblem(ctx, target, input),
    ]);
    return { facts: { what: "database" }, target, glass, full, problem };
  },
  decide: async (ctx, input, { target, glass, full, problem }) => {
    const question = questionOf(actingUser(ctx), target.policyTarget, input, ctx.clock.now());
    const decision = evaluate(target.policies, question);
    const level = askable(target.policies, question.user, target.policyTarget, question.at)[input.level];
    const most = input.breakGlass ? level.breakGlass : level.request;
    const asks = decision.outcome === "allowed" ? decision.steps : [];
    const stuck = await findStuck(ctx, { steps: asks, votes: [], requesterIds: [question.user.id] });
    const used =
      glass && decision.outcome === "allowed"
        ? glassRefusal(glass, limitsOf(target.policies, decision.policyId))
        : undefined;
    const problems = [used, problem, full].flatMap((one) => (one ? [one.message] : []));
    const allowed = decision.outcome === "allowed" && problems.length === 0;
    const result: PreviewView = {
      allowed,
      reasons: decision.outcome === "allowed" ? problems : decision.reasons.map((reason) => reason.message),
      automatic: decision.outcome === "allowed" && decision.automatic,
      steps: await presentNewSteps(ctx, asks),
      stuck,
      maxDurationMinutes: most.allowed ? most.maxDurationMinutes : null,
      privileges: ctx.privileges(
        target.ref,
        input.level,
        input.scope,
        connectionSettingsOf(target.instance).connectionsPerAccount,
      ),
      policy:
        decision.outcome === "allowed"
          ? {
              id: idFrom("policy", ulidOf(decision.policyId as Parameters<typeof ulidOf>[0])),
              name: decision.policyName,
            }
          : null,
    };
    return { result };
  },
});
