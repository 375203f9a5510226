import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import type { DatabaseView } from "../../lib/api.ts";
import { useDurationText } from "../../ui/Duration.tsx";
import { LevelBadge } from "../../ui/LevelBadge.tsx";
import { useNamesText } from "../../ui/names-text.ts";
import classes from "./AskPanel.module.css";

/** Level by level: for how long and who decides, or why not. */
export function AskPanel({ database }: { database: DatabaseView }) {
  const t = useTranslations("databases.ask");
  const tell = useDurationText();
  return (
    <ul className={classes.levels}>
      {database.askable.map((askable) => (
        <li key={askable.level} className={classes.level}>
          <LevelBadge level={askable.level} />
          {askable.allowed ? (
            <div>
              <p>{t("upTo", { max: tell((askable.maxDurationMinutes ?? 0) * 60_000) })}</p>
              <p className={classes.aside}>{askable.automatic ? t("atOnce") : <Steps of={askable} />}</p>
            </div>
          ) : (
            <div className={classes.aside}>
              {askable.reasons.map((reason) => (
                <p key={reason}>{reason}</p>
              ))}
              <Link
                to="/policies/simulator"
                search={{ database: database.id, level: askable.level, duration: 60 }}
              >
                {t("whyNot")}
              </Link>
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

function Steps({ of: { steps } }: { of: DatabaseView["askable"][number] }) {
  const t = useTranslations("words");
  const names = useNamesText();
  const each = steps.map(({ count, groups, users }) =>
    t("stepDecides", { count, who: names([...groups, ...users], "or") }),
  );
  return <>{names(each)}</>;
}
