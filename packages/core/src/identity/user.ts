import type { Instant } from "../kernel/clock.ts";
import type { Role, Settings } from "../kernel/context.ts";
import { type DomainError, forbidden } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import type { PolicyUser } from "../policy/question.ts";
import type { Profile } from "./profile.ts";
import type { UserRef, UserView } from "./user.view.ts";

/** A person as the identity provider last described them. Issuer and subject together name one person for ever. */
export type User = {
  id: Id<"user">;
  issuer: string;
  subject: string;
  name: string;
  email: string;
  groups: readonly string[];
  createdAt: Instant;
  lastSeenAt: Instant;
  suspendedAt?: Instant;
  suspendedReason?: string;
  /** Sessions that began until then are over, whatever became of the person since. */
  sessionsEndedAt?: Instant;
  version: number;
};

export function firstSeen(id: Id<"user">, profile: Profile, now: Instant): User {
  return { id, ...profile, createdAt: now, lastSeenAt: now, version: 1 };
}

/** As the provider describes them now; who they are and whether they are suspended is not for it to say. */
export function seenAgain(user: User, { name, email, groups }: Profile, now: Instant): User {
  return { ...user, name, email, groups, lastSeenAt: now, version: user.version + 1 };
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

export function policyUser(user: Pick<User, "id" | "groups" | "suspendedAt">): PolicyUser {
  return { id: user.id, groups: user.groups, suspended: user.suspendedAt !== undefined };
}

export function viewOfUser(user: User, roleGroups: Settings["roleGroups"]): UserView {
  return {
    ...userRef(user),
    groups: [...user.groups],
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
