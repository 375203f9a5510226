import { useTranslations } from "use-intl";
import type { DatabaseView } from "../../lib/api.ts";
import { Badge } from "../../ui/Badge.tsx";
import { useDurationText } from "../../ui/Duration.tsx";
import classes from "./MayAsk.module.css";

/** The levels that the reader may ask for, and whether somebody has to approve; one line of a list. */
export function MayAsk({ askable }: { askable: DatabaseView["askable"] }) {
  const t = useTranslations("databases");
  const tell = useDurationText();
  const allowed = askable.filter((level) => level.allowed);
  const parts = [
    { how: t("atOnce"), levels: allowed.filter((level) => level.automatic) },
    { how: t("approval"), levels: allowed.filter((level) => !level.automatic) },
  ].filter(({ levels }) => levels.length > 0);
  if (parts.length === 0) return <span className={classes.none}>{t("mayNot")}</span>;
  return (
    <span className={classes.parts}>
      <span className="visually-hidden">{t("mayAsk")}</span>
      {parts.map(({ how, levels }) => (
        <span key={how} className={classes.part}>
          {levels.map(({ level, maxDurationMinutes }) => (
            <Badge
              key={level}
              tone="plain"
              mono
              label={level}
              title={t("chip", { level, how, max: tell((maxDurationMinutes ?? 0) * 60_000) })}
            />
          ))}
          <span className={classes.how}>{how}</span>
        </span>
      ))}
    </span>
  );
}
