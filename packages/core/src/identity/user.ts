import type { Instant } from "../kernel/clock.ts";
import type { Role, Settings, UserActor } from "../kernel/context.ts";
import { type DomainError, forbidden } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import type { PolicyUser } from "../policy/question.ts";
import { type UnknownGroups, type UnknownGroupsCause, unknownGroupsText } from "./membership.ts";
import type { Profile } from "./profile.ts";
import type { GroupsView, UserRef, UserView } from "./user.view.ts";

/** A person as the identity provider last described them. Issuer and subject together name one person for ever. */
export type User = {
  id: Id<"user">;
  issuer: string;
  subject: string;
  name: string;
  email: string;
  /** Those that give rights; none while they are unknown. */
  groups: readonly string[];
  /** Set while the provider does not say the groups: what denies by group applies, what allows by group does not. */
  groupsUnknown?: UnknownGroups;
  createdAt: Instant;
  lastSeenAt: Instant;
  suspendedAt?: Instant;
  suspendedReason?: string;
  /** Sessions that began until then are over, whatever became of the person since. */
  sessionsEndedAt?: Instant;
  version: number;
};

/** @throws DomainError forbidden `sign-in.groups-unknown`: there are no last known groups to keep. */
export function firstSeen(id: Id<"user">, profile: Profile, now: Instant): User {
  const { groupsUnknown, ...known } = profile;
  if (groupsUnknown) throw groupsNotSaid(groupsUnknown);
  return { id, ...known, createdAt: now, lastSeenAt: now, version: 1 };
}

/** As the provider describes them now; who they are and whether they are suspended is not for it to say. */
export function seenAgain(user: User, { name, email, groups, groupsUnknown }: Profile, now: Instant): User {
  const { groupsUnknown: before, ...rest } = user;
  const next = { ...rest, name, email, lastSeenAt: now, version: user.version + 1 };
  if (!groupsUnknown) return { ...next, groups };
  const { since = now, lastKnown = user.groups } = before ?? {};
  return { ...next, groups: [], groupsUnknown: { since, cause: groupsUnknown, lastKnown } };
}

function groupsNotSaid(cause: UnknownGroupsCause): DomainError {
  return forbidden(
    "sign-in.groups-unknown",
    `Nobody knows this person's groups: ${unknownGroupsText(cause)}. An administrator can put that right at the identity provider or in the settings (signIn.groupsClaim, signIn.groups).`,
    { cause },
  );
}

export function suspended(user: User, reason: string, now: Instant): User {
  return {
    ...user,
    suspendedAt: now,
    suspendedReason: reason,
    sessionsEndedAt: now,
    version: user.version + 1,
  };
}

export function reinstated(user: User): User {
  const { suspendedAt: _at, suspendedReason: _reason, ...rest } = user;
  return { ...rest, version: user.version + 1 };
}

/** Worked out at the moment of use, so that a group lost at the last sign-in is a role lost. */
export function rolesOf(groups: readonly string[], roleGroups: Settings["roleGroups"]): Role[] {
  const isIn = (named: readonly string[]) => named.some((group) => groups.includes(group));
  return [
    ...(isIn(roleGroups.administrator) ? (["administrator"] as const) : []),
    ...(isIn(roleGroups.auditor) ? (["auditor"] as const) : []),
    "member",
  ];
}

export function userRef(user: Pick<User, "id" | "name" | "email">): UserRef {
  return { id: user.id, name: user.name, email: user.email };
}

/** A person on record, or the one who acts: an actor is never suspended. */
export function policyUser(
  user: Pick<User, "id" | "groups" | "suspendedAt" | "groupsUnknown"> | UserActor,
): PolicyUser {
  const suspended = "suspendedAt" in user && user.suspendedAt !== undefined;
  return { id: user.id, groups: user.groups, groupsUnknown: user.groupsUnknown !== undefined, suspended };
}

/** For people to read: the groups, or the last ones known, and since when they are unknown. */
export function groupsView({
  groups,
  groupsUnknown,
}: Pick<UserActor, "groups" | "groupsUnknown">): GroupsView {
  if (!groupsUnknown) return { groups: [...groups], groupsUnknown: null };
  const { since, cause, lastKnown } = groupsUnknown;
  return { groups: [...lastKnown], groupsUnknown: { since, cause } };
}

export function viewOfUser(user: User, roleGroups: Settings["roleGroups"]): UserView {
  return {
    ...userRef(user),
    ...groupsView(user),
    roles: rolesOf(user.groups, roleGroups),
    suspendedAt: user.suspendedAt ?? null,
    lastSeenAt: user.lastSeenAt,
    createdAt: user.createdAt,
    version: user.version,
  };
}

export function isSuspended(): DomainError {
  return forbidden("user.suspended", "This account is suspended; ask an administrator.");
}
