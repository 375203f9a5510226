import type { Context, UserActor } from "../kernel/context.ts";
import { DomainError } from "../kernel/errors.ts";
import { tokenScopes } from "../kernel/permission.ts";
import { commitAll, type Write } from "../kernel/table.ts";
import { hashOf } from "./random-secret.ts";
import { findSession, sessionEnded, touchingSession } from "./session.store.ts";
import { csrfTokenOf, isOpen, needsTouch, type SessionFacts } from "./session.ts";
import { badToken, findToken, touchingToken } from "./token.store.ts";
import { isGood, parseBearer } from "./token.ts";
import { findUser, seeingUser } from "./user.store.ts";
import { isSuspended, rolesOf, type User } from "./user.ts";

/** Value of the session's cookie, or the token of an Authorization header; with both, the token alone counts. */
export type Credentials = { cookie?: string | undefined; bearer?: string | undefined };
/** `session` is null for tokens, which no browser sends by itself: they need no CSRF token. */
export type Authenticated = { actor: UserActor; session: SessionFacts | null };

type Reads = Pick<Context, "table" | "clock" | "log" | "settings">;

/** Who this is, read afresh: groups, roles and suspension are those of this moment.
 * @throws DomainError unauthenticated (`session.required`, `session.ended`, `token.invalid`), forbidden `user.suspended`. */
export function authenticate(ctx: Reads, { cookie, bearer }: Credentials): Promise<Authenticated> {
  if (bearer !== undefined) return byToken(ctx, bearer);
  if (cookie !== undefined) return bySession(ctx, cookie);
  return Promise.reject(new DomainError("unauthenticated", "session.required", "Sign in first."));
}

async function bySession(ctx: Reads, cookie: string): Promise<Authenticated> {
  if (cookie.length > 100) throw sessionEnded();
  const now = ctx.clock.now();
  const idHash = hashOf(cookie);
  const session = await findSession(ctx, idHash);
  const user = session && (await findUser(ctx, session.userId));
  if (!session || !user) throw sessionEnded();
  if (user.suspendedAt) throw isSuspended();
  if (!isOpen(session, user, now, ctx.settings.session)) throw sessionEnded();
  if (needsTouch(session.touchedAt, now, ctx.settings.session)) {
    await noteUse(ctx, [touchingSession(ctx, session, now), seeingUser(ctx, user.id, now)]);
  }
  const actor = actorFor(ctx, user, tokenScopes, { kind: "session", idHash });
  return { actor, session: { csrfToken: csrfTokenOf(cookie), endsAt: session.endsAt } };
}

async function byToken(ctx: Reads, bearer: string): Promise<Authenticated> {
  const now = ctx.clock.now();
  const parsed = parseBearer(bearer);
  const token = parsed && (await findToken(ctx, parsed.id));
  if (!token || !isGood(token, parsed.secret, now)) throw badToken();
  const user = await findUser(ctx, token.userId);
  if (!user) throw badToken();
  if (user.suspendedAt) throw isSuspended();
  if (needsTouch(token.lastUsedAt, now, ctx.settings.session)) {
    await noteUse(ctx, [touchingToken(ctx, token, now), seeingUser(ctx, user.id, now)]);
  }
  return { actor: actorFor(ctx, user, token.scopes, { kind: "token", id: token.id }), session: null };
}

/** Being quicker or busier elsewhere is no reason to refuse; having been ended meanwhile is. */
async function noteUse(ctx: Reads, writes: readonly Write[]): Promise<void> {
  try {
    await commitAll(ctx, writes);
  } catch (error) {
    if (!(error instanceof DomainError) || error.kind === "unauthenticated") throw error;
    ctx.log.info("use not noted", { code: error.code });
  }
}

export function actorFor(
  { settings }: Pick<Context, "settings">,
  user: Pick<User, "id" | "name" | "email" | "groups" | "groupsUnknown">,
  scopes: UserActor["scopes"],
  via: UserActor["via"],
): UserActor {
  const { id, name, email, groups, groupsUnknown } = user;
  const roles = rolesOf(groups, settings.roleGroups);
  return { kind: "user", id, name, email, groups, groupsUnknown, roles, scopes, via };
}
