import type { Check } from "./check.ts";
import { matchesGlob } from "./glob.ts";
import type { Named } from "./question.ts";
import { reason } from "./reason.ts";

export const whoChecks: readonly Check[] = [
  {
    about: "who",
    matches: ({ who }, { user }) =>
      who.everyone || who.users.includes(user.id) || who.groups.some((group) => user.groups.includes(group)),
    describe: ([{ who }]) => reason("policy.other-people", { users: who.users, groups: who.groups }),
  },
];

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
