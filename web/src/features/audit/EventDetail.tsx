import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import type { EventView } from "../../lib/api.ts";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { IdLink } from "../../ui/IdLink.tsx";
import { useMomentFormat } from "../../ui/Moment.tsx";
import { fullMomentText, utcText } from "../../ui/moment-text.ts";
import { OutcomeBadge } from "../../ui/OutcomeBadge.tsx";
import { storySubject } from "./audit-queries.ts";
import classes from "./EventDetail.module.css";
import { EventValue } from "./EventValue.tsx";

/** The whole event, with ways on: its story, its person, its database. */
export function EventDetail({ event, withLinks = true }: { event: EventView; withLinks?: boolean }) {
  const t = useTranslations("audit.event");
  const details = Object.entries(event.data);
  return (
    <div className={classes.detail}>
      <div className={classes.columns}>
        <Facts facts={useFacts(event)} />
        <section aria-label={t("details")}>
          {details.length === 0 ? (
            <p className={classes.none}>{t("noDetails")}</p>
          ) : (
            <Facts facts={details.map(([name, value]) => ({ name, value: <EventValue value={value} /> }))} />
          )}
        </section>
      </div>
      <div className={classes.links}>
        {withLinks ? (
          <Link to="/audit/$eventId" params={{ eventId: event.id }}>
            {t("permalink")}
          </Link>
        ) : null}
        <Link to="/audit" search={{ subject: storySubject(event.story) }}>
          {t("story")}
        </Link>
        {event.actor.kind === "user" ? (
          <Link to="/audit" search={{ actor: event.actor.id }}>
            {t("byPerson")}
          </Link>
        ) : null}
        {event.database ? (
          <Link to="/audit" search={{ database: event.database.id }}>
            {t("onDatabase")}
          </Link>
        ) : null}
        <span className={classes.copy}>
          <CopyButton text={JSON.stringify(event, null, 2)} what={t("copy")} />
        </span>
      </div>
    </div>
  );
}

function useFacts(event: EventView): { name: string; value: ReactNode }[] {
  const t = useTranslations("audit.event");
  const format = useMomentFormat();
  const atMs = Date.parse(event.at);
  const { actor, database } = event;
  return [
    { name: t("at"), value: `${fullMomentText(atMs, format)} (${t("utc", { moment: utcText(atMs) })})` },
    { name: t("outcome"), value: <OutcomeBadge outcome={event.outcome} /> },
    {
      name: t("actor"),
      value: (
        <>
          {actor.kind === "anonymous" ? t("unnamed") : actor.name}{" "}
          <code className={classes.id}>{actor.id}</code>
        </>
      ),
    },
    ...(actor.via === undefined ? [] : [{ name: t("via"), value: <code>{actor.via}</code> }]),
    { name: t("subject"), value: <IdLink id={event.subjectId} /> },
    ...(database === null
      ? []
      : [
          {
            name: t("database"),
            value: (
              <>
                <Link to="/databases/$databaseId" params={{ databaseId: database.id }}>
                  {database.name}
                </Link>{" "}
                {database.instance} · {database.environment}
              </>
            ),
          },
        ]),
    { name: t("request"), value: <code>{event.requestId}</code> },
    ...(event.sourceIp === null ? [] : [{ name: t("address"), value: <code>{event.sourceIp}</code> }]),
    { name: t("id"), value: <code>{event.id}</code> },
  ];
}
