import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { UnknownGroups } from "../identity/membership.ts";
import type { Clock } from "./clock.ts";
import type { Id, Ids } from "./ids.ts";
import type { OperationName, TokenScope } from "./permission.ts";

export type Role = "administrator" | "auditor" | "member";

/** Who does something. A user acts in a session of the page (all scopes) or with a personal access token. */
export type UserActor = {
  kind: "user";
  id: Id<"user">;
  name: string;
  email: string;
  /** Those that give rights; none while they are unknown. */
  groups: readonly string[];
  groupsUnknown?: UnknownGroups | undefined;
  roles: readonly Role[];
  scopes: readonly TokenScope[];
  via: { kind: "session"; idHash: string } | { kind: "token"; id: Id<"token"> };
};
/** A part of the system acting by itself. */
export type SystemActor = { kind: "system"; name: "workflow" | "sweeper" | "setup" };
export type Actor = UserActor | SystemActor | { kind: "anonymous" };

export type Log = {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
};

/** What every operation gets as its first parameter; nothing in core reads anything ambient. */
export type Context = {
  actor: Actor;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** Names this request in answers, logs and events. */
  requestId: string;
  /** Network address of the caller, where there is one. */
  sourceIp?: string | undefined;
  table: { client: DynamoDBDocumentClient; name: string };
  settings: Settings;
};

export type Settings = {
  /** Marks the accounts of this installation on every database server; short and stable. */
  stack: string;
  /** Address of the page, without a trailing slash. */
  origin: string;
  /** Groups of the identity provider that give a role. */
  roleGroups: { administrator: readonly string[]; auditor: readonly string[] };
  session: { idleMinutes: number; absoluteMinutes: number };
  request: { openLimit: number; lapseMinutes: number };
};

export type { OperationName };
