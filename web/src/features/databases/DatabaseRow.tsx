import { IconDatabaseOff, IconUsers } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import type { DatabaseView } from "../../lib/api.ts";
import { HealthBadge } from "../../ui/HealthBadge.tsx";
import { LinkButton } from "../../ui/LinkButton.tsx";
import classes from "./DatabaseRow.module.css";
import { MayAsk } from "./MayAsk.tsx";

export function DatabaseRow({ database }: { database: DatabaseView }) {
  const t = useTranslations("databases");
  const tWords = useTranslations("words");
  const mayAsk = database.present && database.askable.some((level) => level.allowed);
  return (
    <li className={classes.row}>
      <div className={classes.names}>
        <Link to="/databases/$databaseId" params={{ databaseId: database.id }} className={classes.name}>
          {database.name}
        </Link>
        <span className={classes.instance}>
          {database.instance.name} · {tWords(`engine.${database.engine}`)}
        </span>
      </div>
      <div className={classes.state}>
        {database.present ? (
          <HealthBadge health={database.health} />
        ) : (
          <span className={classes.gone}>
            <IconDatabaseOff size={14} aria-hidden /> {t("gone")}
          </span>
        )}
      </div>
      <div className={classes.holders} data-some={database.liveGrantCount > 0 || undefined}>
        <IconUsers size={14} aria-hidden /> {t("holders", { count: database.liveGrantCount })}
      </div>
      <div className={classes.ask}>
        <MayAsk askable={database.askable} />
      </div>
      <div className={classes.action}>
        {mayAsk ? (
          <LinkButton
            to="/request"
            search={{ database: database.id }}
            size="xs"
            variant="default"
            aria-label={t("requestFor", { database: database.name })}
          >
            {t("request")}
          </LinkButton>
        ) : null}
      </div>
    </li>
  );
}
