import type { AllowedDecision, RefusedDecision } from "./decision.ts";
import { allowedBy, evaluate } from "./evaluate.ts";
import { leastDemandingFirst } from "./least-demanding.ts";
import { allowing } from "./match.ts";
import { type AllowPolicy, type Level, levels, type Policy } from "./policy.ts";
import { maxDurationMinutes, maxTotalMinutes } from "./policy-limits.ts";
import type { PolicyQuestion, PolicyTarget, PolicyUser } from "./question.ts";

/** Durations from the tier before (or 1 minute) up to this many minutes are decided like this. */
export interface AskableTier {
  readonly upToMinutes: number;
  readonly decision: AllowedDecision;
}

export type Askable =
  | { readonly allowed: true; readonly maxDurationMinutes: number; readonly tiers: readonly AskableTier[] }
  | { readonly allowed: false; readonly refusal: RefusedDecision };

/** What may be asked for at one level: as a request, and (at once, loudly) as break-glass. */
export interface AskableLevel {
  readonly request: Askable;
  readonly breakGlass: Askable;
}

/** What this person may ask for on this database now, level by level: for the database picker and the form. */
export function askable(
  policies: readonly Policy[],
  user: PolicyUser,
  target: PolicyTarget,
  at: number,
): Readonly<Record<Level, AskableLevel>> {
  const ask = (level: Level): AskableLevel => ({
    request: tiersOf(policies, { user, target, level, at, kind: "request" }, 0),
    breakGlass: tiersOf(policies, { user, target, level, at, kind: "break-glass" }, 0),
  });
  return { read: ask("read"), write: ask("write"), ddl: ask("ddl") };
}

/** By how much a grant that lasts `totalSoFarMinutes` from its start to its present end may be extended now. */
export function extendable(
  policies: readonly Policy[],
  ask: {
    readonly user: PolicyUser;
    readonly target: PolicyTarget;
    readonly level: Level;
    readonly at: number;
  },
  totalSoFarMinutes: number,
): Askable {
  return tiersOf(policies, { ...ask, kind: "extension" }, totalSoFarMinutes);
}

/** Whether any level may be asked for. */
export function isAskable(answer: Readonly<Record<Level, AskableLevel>>): boolean {
  return levels.some((level) => answer[level].request.allowed || answer[level].breakGlass.allowed);
}

/**
 * A duration only matters by which policies still reach it, so the answer changes at their limits and nowhere else;
 * a limit beyond which the same policy goes on deciding is no limit.
 */
function tiersOf(
  policies: readonly Policy[],
  ask: Omit<PolicyQuestion, "durationMinutes" | "totalMinutes">,
  totalSoFarMinutes: number,
): Askable {
  const question = { ...ask, durationMinutes: 1, totalMinutes: totalSoFarMinutes + 1 };
  const least = evaluate(policies, question);
  if (least.outcome === "refused") return { allowed: false, refusal: least };
  const reach = ({ document }: Policy<AllowPolicy>) =>
    Math.min(
      maxDurationMinutes(document, ask.kind),
      ask.kind === "extension" ? maxTotalMinutes(document, ask.kind) - totalSoFarMinutes : Infinity,
    );
  let left = leastDemandingFirst(allowing(policies, question), ask.kind);
  const tiers: AskableTier[] = [];
  for (let winner = left[0]; winner !== undefined; winner = left[0]) {
    const upToMinutes = reach(winner);
    tiers.push({ upToMinutes, decision: allowedBy(winner, policies, question) });
    left = left.filter((policy) => reach(policy) > upToMinutes);
  }
  return { allowed: true, maxDurationMinutes: tiers.at(-1)?.upToMinutes ?? 0, tiers };
}
