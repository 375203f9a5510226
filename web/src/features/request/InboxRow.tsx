import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { RequestView } from "../../lib/api.ts";
import { Avatar } from "../../ui/Avatar.tsx";
import { Duration } from "../../ui/Duration.tsx";
import { EnvironmentBadge } from "../../ui/EnvironmentBadge.tsx";
import { LevelBadge } from "../../ui/LevelBadge.tsx";
import { Moment } from "../../ui/Moment.tsx";
import { RequestKindBadge } from "../../ui/RequestKindBadge.tsx";
import classes from "./InboxRow.module.css";

/** One request of the inbox in three lines. */
export function InboxRow({ request, current }: { request: RequestView; current: boolean }) {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (current) row.current?.scrollIntoView({ block: "nearest" });
  }, [current]);
  return (
    <li ref={row}>
      <Link
        to="/inbox"
        search={{ request: request.id }}
        className={classes.row}
        aria-current={current ? "true" : undefined}
        resetScroll={false}
      >
        <Avatar name={request.requester.name} />
        <span className={classes.body}>
          <span className={classes.line}>
            <span className={classes.name}>{request.requester.name}</span>
            <span className={classes.when}>
              <Moment at={request.createdAt} />
            </span>
          </span>
          <span className={classes.what}>
            <span className={classes.database}>{request.database.name}</span>
            <EnvironmentBadge environment={request.database.environment} />
            <LevelBadge level={request.level} />
            <Duration minutes={request.durationMinutes} />
            <RequestKindBadge kind={request.kind} />
          </span>
          <span className={classes.reason}>{request.reason}</span>
        </span>
      </Link>
    </li>
  );
}
