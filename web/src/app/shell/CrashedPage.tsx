import { Button } from "@mantine/core";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { ProblemNotice } from "../../ui/ProblemNotice.tsx";
import classes from "./CrashedPage.module.css";

/** What stands in the place of a page that could not be drawn or loaded; the navigation stays. */
export function CrashedPage({ error, reset }: ErrorComponentProps) {
  const t = useTranslations("problems");
  return (
    <div className={classes.page}>
      <ProblemNotice error={error} />
      <div className={classes.actions}>
        <Button onClick={() => window.location.reload()}>{t("reload")}</Button>
        <Button variant="default" component="a" href="/" onClick={reset}>
          {t("home")}
        </Button>
      </div>
    </div>
  );
}
