import { findGrantsNow } from "../grant/grant.store.ts";
import { isHeld } from "../grant/held.ts";
import { type Instant, minutesBetween } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { conflict, DomainError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { isAllow } from "../policy/match.ts";
import type { Policy } from "../policy/policy.ts";
import { type BreakGlassLimits, breakGlassLimits } from "../policy/policy-limits.ts";
import { findGlassUses, type GlassUses } from "./break-glass.store.ts";

/** What a person's break-glass is measured against: the uses of the last day, and those whose access lasts. */
export type GlassLedger = { counted: GlassUses; today: number; open: number };

const dayMinutes = 24 * 60;

/** Uses that no longer matter are left out of `counted`. A grant that is not found counts as one that lasts. */
export async function loadGlassLedger(
  ctx: Pick<Context, "table" | "clock">,
  userId: Id<"user">,
): Promise<GlassLedger> {
  const counted = await findGlassUses(ctx, userId);
  const grants = await findGrantsNow(
    ctx,
    counted.uses.map((use) => use.grantId),
  );
  const now = ctx.clock.now();
  const isRecent = (at: Instant) => minutesBetween(at, now) < dayMinutes;
  const isOpen = (id: Id<"grant">) => {
    const grant = grants.get(id);
    return grant === undefined || isHeld(grant);
  };
  const uses = counted.uses.filter(({ at, grantId }) => isRecent(at) || isOpen(grantId));
  return {
    counted: { ...counted, uses },
    today: uses.filter(({ at }) => isRecent(at)).length,
    open: uses.filter(({ grantId }) => isOpen(grantId)).length,
  };
}

/** The limits of the policy that decides. */
export function limitsOf(policies: readonly Policy[], policyId: string): BreakGlassLimits {
  const policy = policies.filter(isAllow).find(({ id }) => id === policyId);
  return breakGlassLimits(policy?.document);
}

/** Why not once more now; undefined where nothing speaks against it. */
export function glassRefusal(
  { today, open }: Pick<GlassLedger, "today" | "open">,
  { perPersonPerDay, perPersonAtOnce }: BreakGlassLimits,
): DomainError | undefined {
  if (open >= perPersonAtOnce) {
    return conflict(
      "break-glass.open",
      `You hold ${accesses(open)} by break-glass already, and the policy allows ${perPersonAtOnce} at once; end one, or ask with approval.`,
      { open, perPersonAtOnce },
    );
  }
  if (today < perPersonPerDay) return undefined;
  return new DomainError(
    "limited",
    "break-glass.too-many",
    `You used break-glass ${today === 1 ? "once" : `${today} times`} within 24 hours, and the policy allows ${perPersonPerDay}; ask with approval.`,
    { details: { today, perPersonPerDay } },
  );
}

function accesses(count: number): string {
  return count === 1 ? "one access" : `${count} accesses`;
}
