import { useLocale, useTranslations } from "use-intl";
import type { RequestView } from "../lib/api.ts";

type Step = Pick<RequestView["steps"][number], "count" | "users" | "groups" | "approvedBy">;

/** Tells who decides in a step: "one of team-leads or Dana Example", counting those who have approved already. */
export function useStepText(): (step: Step) => string {
  const t = useTranslations("words");
  const locale = useLocale();
  return (step) => {
    const names = [...step.groups, ...step.users.map((user) => user.name)];
    const who = new Intl.ListFormat(locale, { type: "disjunction" }).format(names);
    const left = Math.max(1, step.count - step.approvedBy.length);
    return names.length === 1 && step.groups.length === 0 ? who : t("stepDecides", { count: left, who });
  };
}
