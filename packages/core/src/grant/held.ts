import { findUser } from "../identity/user.store.ts";
import type { Context } from "../kernel/context.ts";
import { conflict } from "../kernel/errors.ts";
import { accessEndOf } from "./access-end.store.ts";
import type { Grant } from "./grant.ts";

/** Whether it is, or may still become, access. */
export function isHeld({ state }: Pick<Grant, "state">): boolean {
  return state === "planned" || state === "provisioning" || state === "active";
}

/** Why it ends at its next turn, and who ordered that, where it is known. */
export type CutOff = { reason?: string; orderedBy?: string };

/** Suspending somebody, and a kill switch, end what is held; what was approved in that very moment, and whatever was
 * not ended yet when its turn came, is found by this. */
export async function cutOffOf(
  ctx: Pick<Context, "table" | "clock">,
  grant: Grant,
): Promise<CutOff | undefined> {
  const [holder, end] = await Promise.all([findUser(ctx, grant.holder.id), accessEndOf(ctx, grant)]);
  if (end) return end.reason && end.orderedBy ? { reason: end.reason, orderedBy: end.orderedBy.name } : {};
  return holder?.suspendedAt === undefined ? undefined : { reason: ofSuspension };
}

/** What the story of a grant says when its holder was suspended. */
export const ofSuspension = "The holder was suspended.";

/** For whoever would use or lengthen access that is to end: the order counts from the moment it was given.
 * @throws DomainError conflict `grant.not-active`. */
export function refuseCutOff(cutOff: CutOff | undefined): void {
  if (!cutOff) return;
  throw conflict("grant.not-active", "This access is being ended; there is nothing left to use or extend.", {
    state: "revoking",
  });
}
