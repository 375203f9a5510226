import { actorFor } from "@daypass/core/identity/authenticate.ts";
import { openSession } from "@daypass/core/identity/open-session.ts";
import { hashOf, newSecret } from "@daypass/core/identity/random-secret.ts";
import { suspendUser } from "@daypass/core/identity/suspend-user.ts";
import { findUserBySubject } from "@daypass/core/identity/user.store.ts";
import { tokenScopes } from "@daypass/core/kernel/permission.ts";
import { type Person, people } from "../oidc/people.ts";
import type { SetupContext } from "./setup-context.ts";

/** Lets everyone sign in once, so that their names are known, and has the administrator suspend who is suspended. */
export async function seedPeople(ctx: SetupContext, issuer: string): Promise<void> {
  for (const person of people) await introduce(ctx, issuer, person);
  const administrator = await actingAdministrator(ctx, issuer);
  for (const person of people) {
    const user = person.suspended && (await findUserBySubject(ctx, issuer, person.id));
    if (!user || user.suspendedAt) continue;
    await suspendUser(
      { ...ctx, actor: administrator },
      { id: user.id, reason: "Left the project last month" },
    );
  }
}

async function introduce(
  ctx: SetupContext,
  issuer: string,
  { id, name, email, groups }: Person,
): Promise<void> {
  if (await findUserBySubject(ctx, issuer, id)) return;
  // The session's secret is given to nobody: it ends unused.
  await openSession(ctx, { issuer, subject: id, name, email, groups: [...groups] });
}

async function actingAdministrator(ctx: SetupContext, issuer: string) {
  const person = people.find(({ groups }) => groups.includes("administrators"));
  const user = person && (await findUserBySubject(ctx, issuer, person.id));
  if (!user) throw new Error("the sample company has no administrator");
  return actorFor(ctx, user, tokenScopes, { kind: "session", idHash: hashOf(newSecret()) });
}
