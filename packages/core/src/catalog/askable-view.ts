import { findUsers } from "../identity/user.store.ts";
import { epochMs } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { type Id, isId } from "../kernel/ids.ts";
import { type Askable, askable } from "../policy/askable.ts";
import type { Policy } from "../policy/policy.ts";
import type { PolicyUser } from "../policy/question.ts";
import { policyTargetOf, type Target } from "./catalog.store.ts";
import { type AskableView, type Level, levels } from "./catalog.view.ts";

type Reads = Pick<Context, "table" | "clock">;

/** For each database and level: may this person ask now, for how long and who decides; or why not. */
export async function askableViews(
  ctx: Reads,
  policies: readonly Policy[],
  user: PolicyUser,
  targets: readonly Target[],
): Promise<AskableView[][]> {
  const at = epochMs(ctx.clock.now());
  const answers = targets.map((target) =>
    target.offered ? askable(policies, user, policyTargetOf(target), at) : undefined,
  );
  const approvers = answers.flatMap((answer) =>
    answer ? levels.flatMap((level) => firstSteps(answer[level].request).flatMap((step) => step.users)) : [],
  );
  const users = await findUsers(
    ctx,
    approvers.filter((id): id is Id<"user"> => isId("user", id)),
  );
  const nameOf = (id: string) => users.get(id as Id<"user">)?.name ?? id;
  return answers.map((answer) =>
    levels.map((level) => (answer ? viewOf(level, answer[level].request, nameOf) : notOffered(level))),
  );
}

function viewOf(level: Level, answer: Askable, nameOf: (id: string) => string): AskableView {
  if (!answer.allowed) {
    const reasons = answer.refusal.reasons.map((reason) => reason.message);
    return { ...refused(level), reasons };
  }
  return {
    level,
    allowed: true,
    maxDurationMinutes: answer.maxDurationMinutes,
    automatic: answer.tiers[0]?.decision.automatic ?? false,
    steps: firstSteps(answer).map(({ count, users, groups }) => ({
      count,
      users: users.map(nameOf),
      groups: [...groups],
    })),
    reasons: [],
  };
}

/** What the shortest duration takes; a longer one may take more, which the form asks for when it is chosen. */
function firstSteps(answer: Askable) {
  return answer.allowed ? (answer.tiers[0]?.decision.steps ?? []) : [];
}

function notOffered(level: Level): AskableView {
  return { ...refused(level), reasons: ["This database is gone, or its instance does not offer it."] };
}

function refused(level: Level): AskableView {
  return { level, allowed: false, maxDurationMinutes: null, automatic: false, steps: [], reasons: [] };
}
