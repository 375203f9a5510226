import { findUser } from "../identity/user.store.ts";
import type { Context } from "../kernel/context.ts";
import { isAccessEnded } from "./access-end.store.ts";
import type { Grant } from "./grant.ts";

/** Whether it is, or may still become, access. */
export function isHeld({ state }: Pick<Grant, "state">): boolean {
  return state === "planned" || state === "provisioning" || state === "active";
}

/** Suspending somebody, and a kill switch, end what is held; what was approved in that very moment is found by this. */
export async function isCutOff(ctx: Pick<Context, "table">, grant: Grant): Promise<boolean> {
  const [holder, ended] = await Promise.all([findUser(ctx, grant.holder.id), isAccessEnded(ctx, grant)]);
  return holder?.suspendedAt !== undefined || ended;
}
