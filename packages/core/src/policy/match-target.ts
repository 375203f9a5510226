import type { Check } from "./check.ts";
import { matchesGlob } from "./glob.ts";
import type { PolicyDocument } from "./policy.ts";
import type { Named, PolicyUser } from "./question.ts";
import { reason } from "./reason.ts";

/** Somebody whose groups are unknown may be in any: a denial for groups is for them too, an allow is not. */
export const whoChecks: readonly Check[] = [
  {
    about: "who",
    matches: (document, { user }) => isForCertain(document, user) || isUndecided(document, user),
    describe: ([{ who }], { user }) =>
      reason("policy.other-people", {
        users: who.users,
        groups: who.groups,
        ...(user.groupsUnknown && who.groups.length > 0 ? { groupsUnknown: true } : {}),
      }),
  },
];

/** Whether this denial is for the person only because nobody knows their groups. */
export function isUndecided(document: PolicyDocument, user: PolicyUser): boolean {
  return (
    document.effect === "deny" &&
    user.groupsUnknown === true &&
    document.who.groups.length > 0 &&
    !isForCertain(document, user)
  );
}

function isForCertain({ who }: PolicyDocument, user: PolicyUser): boolean {
  return who.everyone || who.users.includes(user.id) || isInOne(who.groups, user);
}

/** By groups that are known alone. One name may be written in two ways in Unicode: é as one character, or as two. */
export function isInOne(groups: readonly string[], user: PolicyUser): boolean {
  if (user.groupsUnknown === true) return false;
  return groups.some((group) => user.groups.some((own) => own.normalize() === group.normalize()));
}

/** Every field that is present must match. */
export const targetChecks: readonly Check[] = [
  {
    about: "target",
    matches: ({ on }, { target }) =>
      on.environments === undefined || isNamed(target.environment, on.environments),
    describe: ([{ on }]) => reason("policy.other-environment", { environments: on.environments ?? [] }),
  },
  {
    about: "target",
    matches: ({ on }, { target }) => on.protected === undefined || on.protected === target.protected,
    describe: ([{ on }]) => reason("policy.other-protection", { protected: on.protected ?? false }),
  },
  {
    // Nobody opens production by forgetting to say where: an allow has to mean a protected environment.
    about: "target",
    matches: ({ effect, on }, { target }) =>
      effect === "deny" || !target.protected || on.protected === true || on.environments !== undefined,
    describe: (_, { target }) =>
      reason("policy.protected-not-named", { environmentName: target.environment.name }),
  },
  {
    about: "target",
    matches: ({ on }, { target }) => on.instances === undefined || isNamed(target.instance, on.instances),
    describe: ([{ on }]) => reason("policy.other-instance", { instances: on.instances ?? [] }),
  },
  {
    about: "target",
    matches: ({ on }, { target }) =>
      on.databases === undefined ||
      on.databases.some((pattern) => matchesGlob(pattern, target.database.name)),
    describe: ([{ on }]) => reason("policy.other-database", { databases: on.databases ?? [] }),
  },
  {
    about: "target",
    matches: ({ on }, { target }) =>
      on.labels === undefined || on.labels.every((pair) => hasLabel(target.labels, pair)),
    describe: ([{ on }]) => reason("policy.other-labels", { labels: on.labels ?? [] }),
  },
];

function isNamed(thing: Named, idsOrNames: readonly string[]): boolean {
  return idsOrNames.includes(thing.id) || idsOrNames.includes(thing.name);
}

function hasLabel(labels: Readonly<Record<string, string>>, pair: string): boolean {
  const split = pair.indexOf("=");
  const key = pair.slice(0, split);
  return Object.hasOwn(labels, key) && labels[key] === pair.slice(split + 1);
}
