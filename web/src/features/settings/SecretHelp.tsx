import { useTranslations } from "use-intl";
import type { InstanceView } from "../../lib/api.ts";
import { SqlBlock } from "../../ui/SqlBlock.tsx";
import classes from "./SecretHelp.module.css";

/** The shape of an administrator's secret, to be copied and filled in elsewhere. */
export function SecretHelp({ engine }: Pick<InstanceView, "engine">) {
  const t = useTranslations("settings.form");
  const shape = {
    engine,
    host: "db.example.com",
    port: engine === "postgres" ? 5432 : 3306,
    username: "daypass_admin",
    password: "…",
  };
  return (
    <details className={classes.help}>
      <summary>{t("shape")}</summary>
      <div className={classes.body}>
        <p>{t("shapeText")}</p>
        <SqlBlock label="JSON" sql={JSON.stringify(shape, null, 2)} />
        <p>{t("roleText")}</p>
      </div>
    </details>
  );
}
