import { z } from "zod";

/** How an actor stands to what an operation loaded. */
export type Relation =
  | "anonymous" // anybody, signed in or not
  | "member" // any signed-in person who is not suspended
  | "owner" // the person whom the loaded thing belongs to
  | "reviewer" // may decide the current step now
  | "participant" // is an approver of some step, now, before or later
  | "administrator"
  | "auditor"
  | "workflow"
  | "sweeper"
  | "setup";

/** What a personal access token may be limited to; a session of the page has all. */
export const tokenScopes = ["read", "request", "review", "credential", "administer"] as const;
export type TokenScope = (typeof tokenScopes)[number];
export const tokenScopeSchema = z.enum(tokenScopes);

type Permission = {
  allow: readonly Relation[];
  /** Who may know that the loaded thing exists: they get 403, all others the 404 of a missing one. */
  see?: readonly Relation[];
  scope?: TokenScope;
};

const readers = ["owner", "participant", "administrator", "auditor"] as const;
const administer = { allow: ["administrator"], see: ["member"], scope: "administer" } as const;

/** The one table of who may do what. An operation that is not named here does not compile. */
export const permissions = {
  "session.sign-in": { allow: ["anonymous"] },
  "session.sign-out": { allow: ["member"] },
  "me.read": { allow: ["member"], scope: "read" },

  "token.create": { allow: ["member"], scope: "administer" },
  "token.list": { allow: ["member"], scope: "read" },
  "token.revoke": { allow: ["owner", "administrator"] },

  "user.list": { allow: ["administrator", "auditor"], see: ["member"], scope: "read" },
  "user.suspend": administer,
  "user.reinstate": administer,
  "user.end-access": administer,
  "access-end.carry-out": {
    allow: ["administrator", "sweeper"],
    see: ["member"],
    scope: "administer",
  },

  "environment.list": { allow: ["member"], scope: "read" },
  "environment.create": { allow: ["administrator", "setup"], see: ["member"], scope: "administer" },
  "environment.change": administer,
  "environment.delete": administer,
  "network.list": { allow: ["member"], scope: "read" },
  "network.create": { allow: ["administrator", "setup"], see: ["member"], scope: "administer" },
  "instance.list": { allow: ["administrator", "auditor"], see: ["member"], scope: "read" },
  "instance.read": { allow: ["administrator", "auditor"], see: ["member"], scope: "read" },
  "instance.create": { allow: ["administrator", "setup"], see: ["member"], scope: "administer" },
  "instance.change": administer,
  "instance.delete": administer,
  "instance.inspect": { allow: ["administrator", "setup"], see: ["member"], scope: "administer" },
  "instance.record-inspection": { allow: ["workflow"] },
  "instance.end-access": administer,
  "instance.reconcile": administer,
  "instance.record-reconciliation": { allow: ["workflow", "sweeper"] },
  "instance.record-orphan": { allow: ["workflow", "sweeper"] },
  "reconciliation.list": { allow: ["administrator", "auditor"], see: ["member"], scope: "read" },
  "database.list": { allow: ["member"], scope: "read" },
  "database.read": { allow: ["member"], scope: "read" },

  "policy.list": { allow: ["administrator", "auditor"], see: ["member"], scope: "read" },
  "policy.create": { allow: ["administrator", "setup"], see: ["member"], scope: "administer" },
  "policy.change": administer,
  "policy.delete": administer,
  "policy.explain": { allow: ["member"], scope: "read" },
  "policy.explain-other": { allow: ["administrator", "auditor"], see: ["member"], scope: "read" },
  "policy.read-matrix": { allow: ["administrator", "auditor"], see: ["member"], scope: "read" },

  "request.create": { allow: ["member"], scope: "request" },
  "request.preview": { allow: ["member"], scope: "read" },
  "request.list": { allow: ["member"], scope: "read" },
  "request.list-all": { allow: ["administrator", "auditor"], see: ["member"], scope: "read" },
  "request.read": { allow: readers, scope: "read" },
  "request.review": { allow: ["reviewer"], see: readers, scope: "review" },
  "request.comment": { allow: ["owner", "participant", "administrator"], see: readers, scope: "review" },
  "request.cancel": { allow: ["owner"], see: readers, scope: "request" },
  "request.lapse": { allow: ["sweeper"] },

  "grant.list": { allow: ["member"], scope: "read" },
  "grant.list-all": { allow: ["administrator", "auditor"], see: ["member"], scope: "read" },
  "grant.read": { allow: readers, scope: "read" },
  "grant.show-credential": { allow: ["owner"], see: readers, scope: "credential" },
  "grant.test": { allow: ["owner"], see: readers, scope: "credential" },
  "grant.extend": { allow: ["owner"], see: readers, scope: "request" },
  "grant.end": { allow: ["owner", "administrator"], see: readers, scope: "request" },
  "grant.retry": { allow: ["owner", "administrator"], see: readers, scope: "request" },
  "grant.start": { allow: ["workflow", "sweeper"] },
  "grant.activate": { allow: ["workflow", "sweeper"] },
  "grant.begin-revocation": { allow: ["workflow", "sweeper"] },
  "grant.record-failure": { allow: ["workflow", "sweeper"] },
  "grant.arm": { allow: ["workflow", "sweeper"] },
  "grant.undo-extension": { allow: ["workflow", "sweeper"] },
  "grant.quarantine": { allow: ["workflow", "sweeper"] },
  "grant.finish": { allow: ["workflow", "sweeper"] },
  "grant.delete-secret": { allow: ["workflow", "sweeper"] },
  "sweeper.read": { allow: ["member"], scope: "read" },
  "grant.alarm": { allow: ["workflow", "sweeper"] },
  "grant.write-off": { allow: ["administrator"], see: readers, scope: "administer" },

  "audit.search": { allow: ["administrator", "auditor"], see: ["member"], scope: "read" },
  "audit.export": { allow: ["administrator", "auditor"], see: ["member"], scope: "read" },
} as const satisfies Record<string, Permission>;

export type OperationName = keyof typeof permissions;
export const operationNames = Object.keys(permissions) as OperationName[];

export function permissionFor(name: OperationName): Permission {
  return permissions[name];
}
