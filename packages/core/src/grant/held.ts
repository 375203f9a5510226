import { findUser } from "../identity/user.store.ts";
import type { Context } from "../kernel/context.ts";
import type { Grant } from "./grant.ts";

/** Whether it is, or may still become, access. */
export function isHeld({ state }: Pick<Grant, "state">): boolean {
  return state === "planned" || state === "provisioning" || state === "active";
}

/** Suspending somebody ends what they hold; what was approved in that very moment is found by this. */
export async function isHolderSuspended(
  ctx: Pick<Context, "table">,
  { id }: Grant["holder"],
): Promise<boolean> {
  return (await findUser(ctx, id))?.suspendedAt !== undefined;
}
