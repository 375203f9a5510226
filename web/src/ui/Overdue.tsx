import { useTranslations } from "use-intl";
import type { GrantView } from "../lib/api.ts";
import { serverNowMs } from "../lib/clock.ts";
import { lateMs } from "../lib/overdue.ts";
import { useTicking } from "../lib/use-ticking.ts";
import { useDurationText } from "./Duration.tsx";
import classes from "./Overdue.module.css";

/** "5 min overdue", from the first whole minute on. */
export function Overdue({ grant }: { grant: Pick<GrantView, "endsAt"> }) {
  const t = useTranslations("guarantee");
  const tell = useDurationText();
  const text = useTicking(() => {
    const minutes = Math.floor(lateMs(grant, serverNowMs()) / 60_000);
    return minutes < 1 ? "" : t("overdue.by", { duration: tell(minutes * 60_000) });
  });
  return text === "" ? null : <strong className={classes.overdue}>{text}</strong>;
}
