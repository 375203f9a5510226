import type { AllowPolicy, DenyPolicy, PolicyDocument } from "@daypass/core/policy/policy.ts";
import { useTranslations } from "use-intl";
import { useDurationText } from "../../ui/Duration.tsx";
import { useNamesText } from "../../ui/names-text.ts";
import { useHoursText } from "./hours-text.ts";

/** A function that tells what a policy does in plain sentences, most important first. */
export function usePolicySentences(nameOf: (userId: string) => string): (policy: PolicyDocument) => string[] {
  const t = useTranslations("policies.sentence");
  const tell = useDurationText();
  const names = useNamesText();
  const tellHours = useHoursText();
  const minutes = (count: number) => tell(count * 60_000);
  const people = (groups: readonly string[], users: readonly string[], join: "and" | "or") => {
    const named = [
      ...(groups.length > 0 ? [t("groups", { count: groups.length, names: names(groups, join) })] : []),
      ...users.map(nameOf),
    ];
    return named.length === 0 ? t("nobody") : names(named, join);
  };
  const who = ({ who: { everyone, groups, users } }: PolicyDocument) =>
    everyone ? t("everyone") : capital(people(groups, users, "and"));
  const hours = (policy: PolicyDocument) =>
    policy.for.hours === undefined ? "" : t("hours", { window: tellHours(policy.for.hours) });

  const allow = (policy: AllowPolicy): string[] => {
    const { maxDurationMinutes, maxTotalMinutes } = policy.for;
    const total =
      maxTotalMinutes !== undefined && maxTotalMinutes > maxDurationMinutes
        ? t("total", { total: minutes(maxTotalMinutes) })
        : "";
    const steps = policy.approval.map(({ count, groups, users }) =>
      t("step", { count, who: people(groups, users, "or") }),
    );
    const extras = [...(policy.may.unmask ? [t("unmask")] : []), ...(policy.may.export ? [t("export")] : [])];
    return [
      t("allow", {
        who: who(policy),
        levels: names(policy.may.levels, "or"),
        where: where(policy),
        max: minutes(maxDurationMinutes) + total,
        hours: hours(policy),
      }),
      steps.length === 0 ? t("automatic") : t("approval", { steps: steps.join(t("nextStep")) }),
      ...(extras.length > 0 ? [t("extras", { what: capital(names(extras)) })] : []),
      ...(policy.may.breakGlass
        ? [
            t("breakGlass", {
              max: minutes(policy.may.breakGlass.maxDurationMinutes),
              // Left out, the server takes these.
              perDay: String(policy.may.breakGlass.perPersonPerDay ?? 3),
              atOnce: String(policy.may.breakGlass.perPersonAtOnce ?? 1),
            }),
          ]
        : []),
    ];
  };

  const deny = (policy: DenyPolicy): string[] => {
    const { levels = [], unmask, export: exports, breakGlass } = policy.may;
    const what = [
      ...levels,
      ...(unmask ? [t("unmask")] : []),
      ...(exports ? [t("export")] : []),
      ...(breakGlass ? [t("break-glass")] : []),
    ];
    return [
      t("deny", { who: who(policy), what: names(what, "or"), where: where(policy), hours: hours(policy) }),
    ];
  };

  const where = ({ on, effect }: PolicyDocument): string => {
    const { environments, instances, databases, labels } = on;
    if (!environments && !instances && !databases && !labels) {
      if (on.protected === true) return t("where.protected");
      if (on.protected === false) return t("where.unprotected");
      return effect === "allow" ? t("where.open") : t("where.every");
    }
    return [
      databases ? t("where.databases", { names: names(databases, "or") }) : t("where.all"),
      environments ? t("where.environments", { names: names(environments, "or") }) : "",
      on.protected === undefined ? "" : on.protected ? t("where.isProtected") : t("where.isNotProtected"),
      instances ? t("where.instances", { names: names(instances, "or") }) : "",
      labels ? t("where.labels", { names: names(labels) }) : "",
    ].join("");
  };

  return (policy) => (policy.effect === "allow" ? allow(policy) : deny(policy));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
