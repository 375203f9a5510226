import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import type { RequestDetailView } from "../../lib/api.ts";
import { Duration } from "../../ui/Duration.tsx";
import { LevelBadge } from "../../ui/LevelBadge.tsx";
import { Moment } from "../../ui/Moment.tsx";
import { RequestStatusBadge } from "../../ui/StatusBadge.tsx";
import classes from "./Surroundings.module.css";

type Props = { request: RequestDetailView; own: boolean };

/** What a decision should know besides: who else has access now, and what this person asked for besides. */
export function Surroundings({ request, own }: Props) {
  const t = useTranslations("request.page");
  // The server does not tell those who ask who else has access; silence is not "nobody".
  const tellsOthers = !own || request.others.length > 0;
  return (
    <>
      {tellsOthers ? <Others others={request.others} /> : null}
      <div>
        <h3 className={classes.title}>{t("earlier", { name: request.requester.name })}</h3>
        {request.earlier.length === 0 ? (
          <p className={classes.quiet}>{t("earlierNone", { name: request.requester.name })}</p>
        ) : (
          <ul className={classes.list}>
            {request.earlier.map((earlier) => (
              <li key={earlier.id}>
                <LevelBadge level={earlier.level} />
                <Duration minutes={earlier.durationMinutes} />
                <RequestStatusBadge status={earlier.status} />
                <span className={classes.quiet}>
                  <Moment at={earlier.createdAt} />
                </span>
                <Link to="/requests/$requestId" params={{ requestId: earlier.id }} className={classes.reason}>
                  {earlier.reason}
                </Link>
              </li>
            ))}
          </ul>
        )}
      </div>
    </>
  );
}

function Others({ others }: { others: RequestDetailView["others"] }) {
  const t = useTranslations("request.page");
  return (
    <div>
      <h3 className={classes.title}>{t("others")}</h3>
      {others.length === 0 ? (
        <p className={classes.quiet}>{t("othersNone")}</p>
      ) : (
        <ul className={classes.list}>
          {others.map((other) => (
            <li key={`${other.name} ${other.level} ${other.endsAt ?? ""}`}>
              <span>{other.name}</span>
              <LevelBadge level={other.level} />
              {other.endsAt === null ? null : (
                <span className={classes.quiet}>
                  {t.rich("othersUntil", {
                    moment: () => <Moment at={other.endsAt ?? ""} show="absolute" />,
                  })}
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
