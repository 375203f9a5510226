import { z } from "zod";
import type { Context } from "../kernel/context.ts";
import { conflict, DomainError } from "../kernel/errors.ts";
import { idSchema, newId } from "../kernel/ids.ts";
import { operation } from "../kernel/operation.ts";
import { tokenScopes } from "../kernel/permission.ts";
import { actorFor } from "./authenticate.ts";
import { unknownGroupsText } from "./membership.ts";
import { type Profile, profileSchema } from "./profile.ts";
import { hashOf, newSecret } from "./random-secret.ts";
import { openingSession } from "./session.store.ts";
import { begun, type Session } from "./session.ts";
import { creatingUser, findUserBySubject, savingUser } from "./user.store.ts";
import { firstSeen, isSuspended, seenAgain } from "./user.ts";

/** `cookie` is the session's secret, shown to the browser and nobody else. */
export type OpenedSession = { cookie: string; session: Session };

/** Signs in the person whom the identity provider described; at first sight this makes the user.
 * @throws DomainError forbidden `user.suspended`, `sign-in.groups-unknown`, which are recorded as denials. */
export const openSession = Object.assign(openInSpiteOfRaces, { operation: "session.sign-in" as const });

async function openInSpiteOfRaces(ctx: Context, profile: Profile): Promise<OpenedSession> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptToOpen(ctx, profile);
    } catch (error) {
      // The same person in another window, or an administrator's change: look again.
      if (!(error instanceof DomainError) || error.kind !== "conflict" || attempt === 3) throw error;
    }
  }
}

async function attemptToOpen(ctx: Context, profile: Profile): Promise<OpenedSession> {
  const known = await findUserBySubject(ctx, profile.issuer, profile.subject);
  const id = known?.id ?? newId("user", ctx.ids);
  const cookie = newSecret();
  const via = { kind: "session", idHash: hashOf(cookie) } as const;
  const { name, email, groups } = profile;
  const actor = actorFor(ctx, { id, name, email, groups }, tokenScopes, via);
  const session = await signIn({ ...ctx, actor }, { id, profile, idHash: via.idHash });
  return { cookie, session };
}

/** The person acts from here on as who the provider says they are. */
const signIn = operation({
  name: "session.sign-in",
  input: z.strictObject({ id: idSchema("user"), profile: profileSchema, idHash: z.string().length(43) }),
  load: async (ctx: Context, { profile }) => ({
    facts: { what: "user" },
    known: await findUserBySubject(ctx, profile.issuer, profile.subject),
  }),
  decide: (ctx, { id, profile, idHash }, { known }) => {
    if (known && known.id !== id) throw conflict("user.changed", "The same person signed in elsewhere.");
    if (known?.suspendedAt) throw isSuspended();
    const now = ctx.clock.now();
    const user = known ? seenAgain(known, profile, now) : firstSeen(id, profile, now);
    const session = begun(idHash, id, now, ctx.settings.session);
    return {
      result: session,
      writes: [...(known ? [savingUser(ctx, user)] : creatingUser(ctx, user)), openingSession(ctx, session)],
      event: {
        subjectId: id,
        data: {
          firstSight: !known,
          groups: [...user.groups],
          email: user.email,
          ...(user.groupsUnknown
            ? {
                groupsUnknown: unknownGroupsText(user.groupsUnknown.cause),
                groupsUnknownSince: user.groupsUnknown.since,
                lastKnownGroups: [...user.groupsUnknown.lastKnown],
              }
            : {}),
        },
      },
    };
  },
});
