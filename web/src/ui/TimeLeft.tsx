import { useTranslations } from "use-intl";
import { serverNowMs } from "../lib/clock.ts";
import { useTicking } from "../lib/use-ticking.ts";
import { useDurationText } from "./Duration.tsx";

/** "1 h 12 min left", counting down by itself. */
export function TimeLeft({ endsAt }: { endsAt: string }) {
  const t = useTranslations("time");
  const tell = useDurationText();
  const text = useTicking(() => {
    const leftMs = Date.parse(endsAt) - serverNowMs();
    return leftMs <= 0 ? t("over") : t("left", { duration: tell(leftMs) });
  });
  return <span className="num">{text}</span>;
}
