import { loadTarget, policyTargetOf } from "../catalog/catalog.store.ts";
import { findUser } from "../identity/user.store.ts";
import { policyUser } from "../identity/user.ts";
import { epochMs } from "../kernel/clock.ts";
import type { Context } from "../kernel/context.ts";
import { denialNames } from "../policy/denial-names.ts";
import { listPolicies } from "../policy/policy.store.ts";
import type { QuestionKind } from "../policy/question.ts";
import { findRequest } from "../request/request.store.ts";
import type { Grant } from "./grant.ts";

/** Why no account may be made for this grant by what is on record now; undefined where nothing speaks against it. An
 * approval may be hours old, and what cannot be found cannot be asked: without holder or database there is no account. */
export async function mintRefusalOf(
  ctx: Pick<Context, "table" | "clock">,
  grant: Grant,
): Promise<string | undefined> {
  const [holder, target, request, policies] = await Promise.all([
    findUser(ctx, grant.holder.id),
    loadTarget(ctx, grant.database.id),
    findRequest(ctx, grant.requestId),
    listPolicies(ctx),
  ]);
  if (!holder) return "The holder of this access is not on record any more.";
  if (holder.suspendedAt !== undefined) return "The holder is suspended.";
  if (!target?.offered) return "The database was withdrawn after this access was approved.";
  // Without its request nobody knows whether it was break-glass: a denial of either counts.
  const kinds: readonly QuestionKind[] = request
    ? [request.kind === "break-glass" ? "break-glass" : "request"]
    : ["request", "break-glass"];
  const names = kinds.flatMap((kind) =>
    denialNames(policies, {
      user: policyUser(holder),
      target: policyTargetOf(target),
      level: grant.level,
      durationMinutes: grant.durationMinutes,
      at: epochMs(ctx.clock.now()),
      kind,
    }),
  );
  if (names.length === 0) return undefined;
  return `This is denied by now: ${[...new Set(names)].join(", ")}.`.slice(0, 1000);
}
