import { findUsers } from "../identity/user.store.ts";
import type { Context } from "../kernel/context.ts";
import { invalid } from "../kernel/errors.ts";
import { type Id, isId } from "../kernel/ids.ts";
import type { PolicyDocument } from "./policy.ts";

/** Ids of the people that a policy names one by one: who may ask, and who must approve. */
export function namedUsers(document: PolicyDocument): string[] {
  const approvers = document.effect === "allow" ? document.approval.flatMap((step) => step.users) : [];
  return [...new Set([...document.who.users, ...approvers])];
}

/** Which of these nobody has. Groups, environments and instances may be named before they exist; people, being named
 * by id, cannot. */
export async function unknownUsers(
  ctx: Pick<Context, "table" | "clock">,
  document: PolicyDocument,
): Promise<string[]> {
  const named = namedUsers(document);
  const found = await findUsers(
    ctx,
    named.filter((id): id is Id<"user"> => isId("user", id)),
  );
  return named.filter((id) => !found.has(id as Id<"user">));
}

/** @throws DomainError invalid `policy.unknown-user`. */
export function refuseUnknown(unknown: readonly string[]): void {
  if (unknown.length === 0) return;
  throw invalid("policy.unknown-user", `Nobody has the id ${unknown.join(", ")}.`, { users: [...unknown] });
}
