import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import type { RequestView } from "../../lib/api.ts";
import { AskAgain } from "../../ui/AskAgain.tsx";
import { DatabaseName } from "../../ui/DatabaseName.tsx";
import { Duration } from "../../ui/Duration.tsx";
import { LevelBadge } from "../../ui/LevelBadge.tsx";
import { Moment } from "../../ui/Moment.tsx";
import { RequestKindBadge } from "../../ui/RequestKindBadge.tsx";
import { RequestStatusBadge } from "../../ui/StatusBadge.tsx";
import classes from "./Row.module.css";

/** A request of mine that was rejected or that nobody decided: by whom, why, and the way to ask better. */
export function RefusedRow({ request }: { request: RequestView }) {
  const t = useTranslations("grant");
  return (
    <li className={classes.row}>
      <div className={classes.head}>
        <Link to="/requests/$requestId" params={{ requestId: request.id }} className={classes.link}>
          <DatabaseName database={request.database} />
        </Link>
        <LevelBadge level={request.level} />
        <Duration minutes={request.durationMinutes} />
        <RequestKindBadge kind={request.kind} />
        <RequestStatusBadge status={request.status} />
      </div>
      <div className={classes.note}>
        <span>
          {request.decidedBy === null
            ? t("nobodyDecided")
            : t("rejectedBy", { name: request.decidedBy.name })}
        </span>
        {request.decidedAt === null ? null : (
          <span className={classes.quiet}>
            <Moment at={request.decidedAt} />
          </span>
        )}
      </div>
      {request.decisionComment === null ? null : <p className={classes.comment}>{request.decisionComment}</p>}
      {request.kind === "access" ? (
        <div className={classes.side}>
          <AskAgain asked={request} size="xs" />
        </div>
      ) : null}
    </li>
  );
}
