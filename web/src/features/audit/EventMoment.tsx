import { useTranslations } from "use-intl";
import { useMomentFormat } from "../../ui/Moment.tsx";
import { fullMomentText, utcText } from "../../ui/moment-text.ts";

/** To the second, in the reader's zone, with the whole of it and UTC on hover: in a trail "5 min ago" is not enough. */
export function EventMoment({ at }: { at: string }) {
  const t = useTranslations("time");
  const format = useMomentFormat();
  const atMs = Date.parse(at);
  const text = new Intl.DateTimeFormat(format.locale, {
    timeZone: format.timeZone,
    hourCycle: "h23",
    day: "2-digit",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).format(atMs);
  return (
    <time dateTime={at} title={`${fullMomentText(atMs, format)}\n${t("utc", { moment: utcText(atMs) })}`}>
      {text}
    </time>
  );
}
