import { countUse } from "@daypass/core/kernel/rate-limit.store.ts";
import type { ApiContext } from "./parts.ts";

/** Counts a change by the person who makes it, also when it comes to nothing. */
export function limitPerson(
  ctx: Pick<ApiContext, "table" | "clock" | "actor">,
  what: "change" | "preview",
  perMinute: number,
): Promise<void> {
  const who = ctx.actor.kind === "user" ? ctx.actor.id : ctx.actor.kind;
  return countUse(ctx, { what, who, perMinute });
}

/** Counts by network address, before anybody is known. */
export function limitAddress(
  ctx: Pick<ApiContext, "table" | "clock" | "sourceIp">,
  what: "sign-in",
  perMinute: number,
): Promise<void> {
  return countUse(ctx, { what, who: ctx.sourceIp ?? "nowhere", perMinute });
}
