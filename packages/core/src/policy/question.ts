import type { Level } from "./policy.ts";

/** The person as they are at this moment: groups are the names in the identity provider's claim. */
export interface PolicyUser {
  readonly id: string;
  readonly groups: readonly string[];
  /** Nobody knows them: then `groups` is empty, no allow matches by group, and every denial by group does. */
  readonly groupsUnknown?: boolean;
  readonly suspended: boolean;
}

/** A database with everything that a policy can select it by, derived on the server. */
export interface PolicyTarget {
  readonly environment: Named;
  readonly instance: Named;
  readonly database: Named;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether the environment is protected. */
  readonly protected: boolean;
}

export interface Named {
  readonly id: string;
  readonly name: string;
}

export type QuestionKind = "request" | "break-glass" | "extension";

/** "May this person have this level on this database for so long, beginning now?" */
export interface PolicyQuestion {
  readonly user: PolicyUser;
  readonly target: PolicyTarget;
  readonly level: Level;
  /** Of the request, or of the extension alone. */
  readonly durationMinutes: number;
  /** Epoch milliseconds: when access would start, which for a request is now. */
  readonly at: number;
  readonly kind: QuestionKind;
  /** From the grant's start to the end asked for. An extension without it is refused. */
  readonly totalMinutes?: number;
  /** Only a policy that lets columns be seen in clear will do. */
  readonly unmask?: boolean;
  /** Only a policy that lets results be exported will do. */
  readonly export?: boolean;
}
