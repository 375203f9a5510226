import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import type { GrantView } from "../../lib/api.ts";
import { AskAgain } from "../../ui/AskAgain.tsx";
import { DatabaseName } from "../../ui/DatabaseName.tsx";
import { LevelBadge } from "../../ui/LevelBadge.tsx";
import { Moment } from "../../ui/Moment.tsx";
import { GrantStatusBadge } from "../../ui/StatusBadge.tsx";
import classes from "./Row.module.css";

/** Access that has ended, with the way to ask for the same again. */
export function EndedRow({ grant }: { grant: GrantView }) {
  const t = useTranslations("grant");
  return (
    <li className={classes.row}>
      <div className={classes.head}>
        <Link to="/requests/$requestId" params={{ requestId: grant.requestId }} className={classes.link}>
          <DatabaseName database={grant.database} />
        </Link>
        <LevelBadge level={grant.level} />
        <GrantStatusBadge grant={grant} />
      </div>
      <div className={classes.note}>
        {grant.endedBy ? <span>{t(`endedBy.${grant.endedBy}`)}</span> : null}
        {grant.revokedAt ? (
          <span className={classes.quiet}>
            <Moment at={grant.revokedAt} />
          </span>
        ) : null}
      </div>
      <div className={classes.side}>
        <AskAgain asked={grant} size="xs" />
      </div>
    </li>
  );
}
