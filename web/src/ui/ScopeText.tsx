import { useTranslations } from "use-intl";
import type { Scope } from "../lib/api.ts";
import { shownObject } from "../lib/shown-name.ts";
import classes from "./ScopeText.module.css";

/** The whole database, or the tables by name. */
export function ScopeText({ scope }: { scope: Scope }) {
  const t = useTranslations("words");
  if (scope.kind === "database") return <span>{t("wholeDatabase")}</span>;
  return (
    <span className={classes.tables}>
      {scope.objects.map((object) => (
        <code key={shownObject(object)} className={classes.table}>
          {shownObject(object)}
        </code>
      ))}
    </span>
  );
}
