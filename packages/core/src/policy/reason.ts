import type { Level, PolicyHours } from "./policy.ts";
import { formatMinutes, formatNames, formatStart, formatWindow } from "./reason-text.ts";

/** What each code carries. The page has a sentence of its own for each code; `message` is for users of the API. */
export interface ReasonParameters {
  // about the question as a whole
  "policy.user-suspended": object;
  "policy.invalid-question": { field: "durationMinutes" | "totalMinutes" | "at" };
  "policy.no-match": { level: Level; databaseName: string };
  /** `undecidedGroups`: it applies because nobody knows whether the person is in one of these. */
  "policy.denied": {
    policyId: string;
    policyName: string;
    what: readonly Taken[];
    undecidedGroups?: readonly string[];
  };
  "policy.groups-unknown": object;

  // why one policy does not match, in the order in which they are looked at
  "policy.disabled": object;
  "policy.other-people": { users: readonly string[]; groups: readonly string[]; groupsUnknown?: true };
  "policy.other-environment": { environments: readonly string[] };
  "policy.other-protection": { protected: boolean };
  "policy.protected-not-named": { environmentName: string };
  "policy.other-instance": { instances: readonly string[] };
  "policy.other-database": { databases: readonly string[] };
  "policy.other-labels": { labels: readonly string[] };
  "policy.other-level": { levels: readonly Level[] };
  "policy.no-break-glass": object;
  "policy.no-unmask": object;
  "policy.no-export": object;
  "policy.outside-hours": { hours: PolicyHours; nextStartAt: number | null };
  "policy.duration-too-long": { maxDurationMinutes: number };
  "policy.total-too-long": { maxTotalMinutes: number };
  "policy.approval-impossible": { stepNumber: number };
  "policy.denies-something-else": object;

  // what a policy did that matched
  "policy.decides": { automatic: boolean; approvals: number; maxDurationMinutes: number };
  "policy.also-allows": { decidedBy: string };
  "policy.overruled": { deniedBy: readonly string[] };
}

export type ReasonCode = keyof ReasonParameters;
export type Taken = Level | "unmask" | "export" | "break-glass";

export type Reason<Code extends ReasonCode = ReasonCode> = {
  [C in Code]: {
    readonly code: C;
    readonly parameters: Readonly<ReasonParameters[C]>;
    readonly message: string;
  };
}[Code];

export function reason<Code extends ReasonCode>(code: Code, parameters: ReasonParameters[Code]): Reason {
  // The table below pairs each code with its parameters, which the union cannot express for a generic code.
  return { code, parameters, message: sentences[code](parameters) } as Reason;
}

const sentences: { readonly [Code in ReasonCode]: (parameters: ReasonParameters[Code]) => string } = {
  "policy.user-suspended": () => "Suspended users are refused everywhere.",
  "policy.invalid-question": ({ field }) => `${field} is missing or not a whole number in range.`,
  "policy.no-match": ({ level, databaseName }) => `No policy lets you ask for ${level} on ${databaseName}.`,
  "policy.denied": ({ policyName, what, undecidedGroups = [] }) =>
    `The policy “${policyName}” denies ${formatNames(what)} here${
      undecidedGroups.length === 0
        ? ""
        : ` for ${formatNames(undecidedGroups, "or")}, and the identity provider did not say whether that includes this person`
    }.`,
  "policy.groups-unknown": () =>
    "The identity provider did not say this person's groups at their last sign-in, so no policy for a group lets them ask; an administrator can put that right.",

  "policy.disabled": () => "The policy is disabled.",
  "policy.other-people": ({ users, groups, groupsUnknown }) =>
    `It is for ${[
      ...(groups.length > 0
        ? [`the ${groups.length === 1 ? "group" : "groups"} ${formatNames(groups)}`]
        : []),
      ...(users.length > 0 ? [`the ${users.length === 1 ? "user" : "users"} ${formatNames(users)}`] : []),
    ].join(" and ")}${groupsUnknown ? ", and this person's groups are not known" : ""}.`,
  "policy.other-environment": ({ environments }) =>
    `It is for the ${environments.length === 1 ? "environment" : "environments"} ${formatNames(environments)}.`,
  "policy.other-protection": (parameters) =>
    parameters.protected
      ? "It is for protected environments only."
      : "It is for environments that are not protected.",
  "policy.protected-not-named": ({ environmentName }) =>
    `${environmentName} is protected, and the policy neither names it nor says that it is for protected environments.`,
  "policy.other-instance": ({ instances }) =>
    `It is for the ${instances.length === 1 ? "instance" : "instances"} ${formatNames(instances)}.`,
  "policy.other-database": ({ databases }) => `It is for databases named ${formatNames(databases, "or")}.`,
  "policy.other-labels": ({ labels }) => `It is for databases labelled ${formatNames(labels)}.`,
  "policy.other-level": ({ levels }) => `Only ${formatNames(levels, "or")} may be asked for.`,
  "policy.no-break-glass": () => "There is no break-glass for this.",
  "policy.no-unmask": () => "Columns may not be seen in clear.",
  "policy.no-export": () => "Results may not be exported.",
  "policy.outside-hours": ({ hours, nextStartAt }) =>
    `Access may start ${formatWindow(hours)}${
      nextStartAt === null ? "" : `: next at ${formatStart(nextStartAt, hours.timeZone)}`
    }.`,
  "policy.duration-too-long": ({ maxDurationMinutes }) => `At most ${formatMinutes(maxDurationMinutes)}.`,
  "policy.total-too-long": ({ maxTotalMinutes }) =>
    `At most ${formatMinutes(maxTotalMinutes)} in all, extensions included.`,
  "policy.approval-impossible": ({ stepNumber }) =>
    `Step ${stepNumber} of the approval can never be completed, since nobody approves their own request.`,
  "policy.denies-something-else": () => "It denies something else.",

  "policy.decides": ({ automatic, approvals, maxDurationMinutes }) =>
    `It decides: at most ${formatMinutes(maxDurationMinutes)}, ${
      automatic ? "approved at once" : `${approvals} ${approvals === 1 ? "approval" : "approvals"}`
    }.`,
  "policy.also-allows": ({ decidedBy }) =>
    `It allows this too; “${decidedBy}” asks for no more approval and decides.`,
  "policy.overruled": ({ deniedBy }) =>
    `It would allow this, but ${formatNames(deniedBy.map((name) => `“${name}”`))} ${
      deniedBy.length === 1 ? "denies" : "deny"
    } it.`,
};
