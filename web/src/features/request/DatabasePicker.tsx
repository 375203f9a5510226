import { UnstyledButton } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import type { DatabaseView } from "../../lib/api.ts";
import { DatabaseName } from "../../ui/DatabaseName.tsx";
import { ProblemNotice } from "../../ui/ProblemNotice.tsx";
import { TextSkeleton } from "../../ui/Skeletons.tsx";
import classes from "./DatabasePicker.module.css";
import { DatabaseSearch } from "./DatabaseSearch.tsx";

type Props = {
  chosen: DatabaseView | undefined;
  onChoose: (database: DatabaseView) => void;
  loading: boolean;
  error: Error | null;
};

/** The chosen database, or the search for one. */
export function DatabasePicker({ chosen, onChoose, loading, error }: Props) {
  const t = useTranslations("request.form");
  const [changing, setChanging] = useState(false);
  const change = useRef<HTMLButtonElement>(null);
  const justChosen = useRef(false);
  // The search is gone with the choice: the keyboard goes on in its place.
  useEffect(() => {
    if (!justChosen.current || change.current === null) return;
    change.current.focus();
    justChosen.current = false;
  });
  if (!changing && (loading || chosen !== undefined)) {
    return (
      <div className={classes.field}>
        <div className={classes.label}>{t("database")}</div>
        <div className={classes.chosen}>
          {chosen === undefined ? <TextSkeleton lines={1} /> : <DatabaseName database={chosen} />}
          <UnstyledButton
            ref={change}
            className={classes.change}
            aria-label={t("changeDatabase")}
            onClick={() => setChanging(true)}
          >
            {t("change")}
          </UnstyledButton>
        </div>
      </div>
    );
  }
  return (
    <div className={classes.field}>
      <DatabaseSearch
        focused={changing}
        onChoose={(database) => {
          justChosen.current = true;
          setChanging(false);
          onChoose(database);
        }}
        onLeave={() => setChanging(false)}
      />
      {error && !changing ? <ProblemNotice error={error} /> : null}
    </div>
  );
}
