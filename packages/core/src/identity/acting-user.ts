import type { Context, UserActor } from "../kernel/context.ts";
import { DomainError } from "../kernel/errors.ts";

/** The person who acts.
 * @throws DomainError unauthenticated when nobody is signed in. */
export function actingUser({ actor }: Pick<Context, "actor">): UserActor {
  if (actor.kind !== "user") throw new DomainError("unauthenticated", "session.required", "Sign in first.");
  return actor;
}
