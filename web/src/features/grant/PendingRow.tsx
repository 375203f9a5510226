import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import type { RequestView } from "../../lib/api.ts";
import { DatabaseName } from "../../ui/DatabaseName.tsx";
import { Duration } from "../../ui/Duration.tsx";
import { LevelBadge } from "../../ui/LevelBadge.tsx";
import { LinkButton } from "../../ui/LinkButton.tsx";
import { Moment } from "../../ui/Moment.tsx";
import { RequestKindBadge } from "../../ui/RequestKindBadge.tsx";
import { RequestStatusBadge } from "../../ui/StatusBadge.tsx";
import { useStepText } from "../../ui/step-text.ts";
import classes from "./Row.module.css";

/** One of my requests that waits, and for whom. */
export function PendingRow({ request }: { request: RequestView }) {
  const t = useTranslations("grant");
  const tellStep = useStepText();
  const current = request.steps.find((step) => step.status === "current");
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
        {current ? <span>{t("waitingFor", { who: tellStep(current) })}</span> : null}
        <span className={classes.quiet}>
          <Moment at={request.createdAt} />
        </span>
      </div>
      <p className={classes.reason}>{request.reason}</p>
      <div className={classes.side}>
        <LinkButton to="/requests/$requestId" params={{ requestId: request.id }} variant="default" size="xs">
          {t("details")}
        </LinkButton>
      </div>
    </li>
  );
}
