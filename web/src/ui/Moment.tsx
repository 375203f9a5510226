import { useLocale, useTimeZone, useTranslations } from "use-intl";
import { serverNowMs } from "../lib/clock.ts";
import { useTicking } from "../lib/use-ticking.ts";
import { useDurationText } from "./Duration.tsx";
import classes from "./Moment.module.css";
import { fullMomentText, momentText, utcText } from "./moment-text.ts";

type Props = {
  at: string;
  /** `relative`: "5 min ago" · `absolute`: "14:05" · `exact`: "14:05:09" · `both`: relative first, the absolute beside it. */
  show?: "relative" | "absolute" | "exact" | "both";
};

/** One moment, in the reader's zone, with the whole of it and UTC on hover. Keeps itself up to date. */
export function Moment({ at, show = "relative" }: Props) {
  const t = useTranslations("time");
  const format = useMomentFormat();
  const instantMs = Date.parse(at);
  const relative = useRelativeText(instantMs);
  const absolute = useTicking(() => momentText(instantMs, serverNowMs(), format, show === "exact"));
  return (
    <time
      dateTime={at}
      className={classes.moment}
      title={`${fullMomentText(instantMs, format)}\n${t("utc", { moment: utcText(instantMs) })}`}
    >
      {show === "absolute" || show === "exact" ? absolute : relative}
      {show === "both" ? <span className={classes.aside}>{absolute}</span> : null}
    </time>
  );
}

export function useMomentFormat() {
  const locale = useLocale();
  const timeZone = useTimeZone() ?? "UTC";
  return { locale: locale === "en" ? "en-GB" : locale, timeZone };
}

function useRelativeText(instantMs: number): string {
  const t = useTranslations("time");
  const tell = useDurationText();
  return useTicking(() => {
    const difference = instantMs - serverNowMs();
    if (Math.abs(difference) < 5_000) return t("justNow");
    const duration = tell(coarse(Math.abs(difference)));
    return difference < 0 ? t("ago", { duration }) : t("ahead", { duration });
  });
}

/** How long ago is said in one unit: nobody needs "3 d 4 h ago". */
function coarse(milliseconds: number): number {
  for (const unit of [86_400_000, 3_600_000, 60_000]) {
    if (milliseconds >= unit) return Math.floor(milliseconds / unit) * unit;
  }
  return milliseconds;
}
