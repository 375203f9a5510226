import { useTranslations } from "use-intl";
import type { DatabaseView, Level } from "../../lib/api.ts";
import { useDurationText } from "../../ui/Duration.tsx";
import classes from "./LevelPicker.module.css";

type Props = {
  database: DatabaseView | undefined;
  /** A database is chosen and on its way: the terms keep their place. */
  loading: boolean;
  /** Break-glass has rules of its own: no level is barred by what the usual way allows. */
  emergency: boolean;
  value: Level | undefined;
  onChange: (level: Level) => void;
};

const levels: readonly Level[] = ["read", "write", "ddl"];

/** The three levels as plain sentences, each with how long and with how many approvals it may be had. */
export function LevelPicker({ database, loading, emergency, value, onChange }: Props) {
  const t = useTranslations("request.form");
  const tWords = useTranslations("words");
  return (
    <fieldset className={classes.levels}>
      <legend className={classes.legend}>{t("level")}</legend>
      {levels.map((level) => {
        const askable = database?.askable.find((each) => each.level === level);
        const barred = database === undefined || (!emergency && askable?.allowed !== true);
        return (
          <label key={level} className={classes.level} data-barred={barred || undefined}>
            <input
              type="radio"
              name="level"
              value={level}
              checked={value === level}
              disabled={barred}
              onChange={() => onChange(level)}
            />
            <span className={classes.text}>
              <span className={classes.name}>{tWords(`level.${level}`)}</span>
              <span className={classes.sentence}>{tWords(`levelSentence.${level}`)}</span>
              {loading ? <span className={classes.terms}>&nbsp;</span> : null}
              {askable && !emergency ? <Terms askable={askable} /> : null}
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}

function Terms({ askable }: { askable: DatabaseView["askable"][number] }) {
  const t = useTranslations("request.form");
  const tell = useDurationText();
  if (!askable.allowed) return <span className={classes.refused}>{askable.reasons.join(" ")}</span>;
  const approvals = askable.steps.reduce((sum, step) => sum + step.count, 0);
  return (
    <span className={classes.terms}>
      {[
        askable.maxDurationMinutes === null
          ? null
          : t("upTo", { duration: tell(askable.maxDurationMinutes * 60_000) }),
        askable.automatic ? t("atOnce") : t("needs", { count: approvals }),
      ]
        .filter((part) => part !== null)
        .join(" · ")}
    </span>
  );
}
