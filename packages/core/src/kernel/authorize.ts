import type { Actor } from "./context.ts";
import { DomainError, forbidden, notFound } from "./errors.ts";
import type { Id } from "./ids.ts";
import { type OperationName, permissionFor, type Relation } from "./permission.ts";

/** What the loaded thing says about the actor. `reviewer` and `participant` are worked out on the server at
 * this moment; `what` names the thing in the 404. */
export type Facts = {
  what?: string;
  ownerId?: Id<"user">;
  reviewer?: boolean;
  participant?: boolean;
  /** Why this actor may not, where more can be said than "you may not do this". */
  refusal?: { code: string; message: string } | undefined;
};

/** Throws unless the actor may do this to what was loaded.
 * @throws DomainError unauthenticated, forbidden (when the actor may know of the thing), else not-found. */
export function authorize(name: OperationName, actor: Actor, facts: Facts): void {
  const permission = permissionFor(name);
  const relations = relationsOf(actor, facts);
  const stands = (wanted: readonly Relation[]) => wanted.some((relation) => relations.has(relation));
  if (stands(permission.allow)) {
    if (actor.kind !== "user" || actor.via.kind === "session") return;
    if (permission.scope && actor.scopes.includes(permission.scope)) return;
    throw forbidden(
      "token.scope",
      permission.scope
        ? `This token lacks the scope "${permission.scope}".`
        : "This can only be done when signed in to the page, not with a token.",
    );
  }
  if (actor.kind === "anonymous") {
    throw new DomainError("unauthenticated", "session.required", "Sign in first.");
  }
  if (permission.see && stands(permission.see)) {
    const { code, message } = facts.refusal ?? {
      code: "forbidden",
      message: `You may not do this (${name}).`,
    };
    throw forbidden(code, message, { operation: name });
  }
  throw notFound(facts.what ?? "thing");
}

export function relationsOf(actor: Actor, facts: Facts): Set<Relation> {
  const relations = new Set<Relation>(["anonymous"]);
  if (actor.kind === "system") relations.add(actor.name);
  if (actor.kind !== "user") return relations;
  relations.add("member");
  if (actor.roles.includes("administrator")) relations.add("administrator");
  if (actor.roles.includes("auditor")) relations.add("auditor");
  if (facts.ownerId === actor.id) relations.add("owner");
  if (facts.participant) relations.add("participant");
  if (facts.reviewer && facts.ownerId !== actor.id) relations.add("reviewer").add("participant");
  return relations;
}
