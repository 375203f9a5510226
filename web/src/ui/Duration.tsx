import { useTranslations } from "use-intl";
import { durationParts } from "../lib/duration.ts";

/** A function that tells a duration in milliseconds: "1 h 12 min". */
export function useDurationText(): (milliseconds: number) => string {
  const t = useTranslations("time");
  return (milliseconds) =>
    durationParts(milliseconds)
      .map((part) => t(part.unit, { count: String(part.count) }))
      .join(" ");
}

export function Duration({ minutes }: { minutes: number }) {
  const tell = useDurationText();
  return <span className="num">{tell(minutes * 60_000)}</span>;
}
