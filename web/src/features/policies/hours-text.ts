import type { PolicyDocument } from "@daypass/core/policy/policy.ts";
import { useTranslations } from "use-intl";
import { useNamesText } from "../../ui/names-text.ts";

type Hours = NonNullable<PolicyDocument["for"]["hours"]>;

const week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** A function that tells when access may start: "09:00 to 18:00 Asia/Tokyo, Monday to Friday". */
export function useHoursText(): (
  hours: Pick<Hours, "from" | "to" | "timeZone"> & { weekdays: readonly string[] },
) => string {
  const t = useTranslations("policies");
  const names = useNamesText();
  return ({ from, to, timeZone, weekdays }) => {
    const chosen = week.filter((day) => weekdays.includes(day));
    const days =
      chosen.length === 7
        ? t("sentence.everyDay")
        : chosen.join() === "mon,tue,wed,thu,fri"
          ? t("sentence.weekdays")
          : names(chosen.map((day) => t(`weekday.${day}`)));
    return t("sentence.window", { from, to, zone: timeZone, days });
  };
}
