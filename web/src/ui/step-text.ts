import { useLocale, useTranslations } from "use-intl";
import type { RequestView } from "../lib/api.ts";

type Step = Pick<RequestView["steps"][number], "count" | "users" | "groups" | "approvedBy">;

/** Tells who decides in a step: "someone in leads", "2 of Ann or Ben", counting those who have approved already. */
export function useStepText(): (step: Step) => string {
  const t = useTranslations("words");
  const locale = useLocale();
  return (step) => {
    const names = [...step.groups, ...step.users.map((user) => user.name)];
    const who = new Intl.ListFormat(locale, { type: "disjunction" }).format(names);
    const left = Math.max(1, step.count - step.approvedBy.length);
    if (step.users.length === 0) return t("stepGroupDecides", { count: left, who });
    return names.length === 1 ? who : t("stepDecides", { count: left, who });
  };
}
