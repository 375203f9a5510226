import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import type { RequestDetailView } from "../../lib/api.ts";
import { requestQuery } from "../../lib/queries.ts";
import { Callout } from "../../ui/Callout.tsx";
import { DatabaseName } from "../../ui/DatabaseName.tsx";
import { EventSentence } from "../../ui/EventSentence.tsx";
import { LinkedText } from "../../ui/LinkedText.tsx";
import { Moment } from "../../ui/Moment.tsx";
import { Panel } from "../../ui/Page.tsx";
import { PrivilegeList } from "../../ui/PrivilegeList.tsx";
import { QueryView } from "../../ui/QueryView.tsx";
import { RowsSkeleton } from "../../ui/Skeletons.tsx";
import { GrantStatusBadge, RequestStatusBadge } from "../../ui/StatusBadge.tsx";
import { DecisionPanel } from "./DecisionPanel.tsx";
import classes from "./InboxDetail.module.css";
import { RequestFacts } from "./RequestFacts.tsx";
import { Surroundings } from "./Surroundings.tsx";
import { useRequestTitle } from "./use-request-title.ts";

type Props = { requestId: string; onDecided: () => void };

/** Everything needed to decide, on one screen. */
export function InboxDetail({ requestId, onDecided }: Props) {
  const request = useQuery(requestQuery(requestId));
  return (
    <QueryView query={request} skeleton={<RowsSkeleton rows={5} height={88} />}>
      {(found) => <Detail request={found} onDecided={onDecided} />}
    </QueryView>
  );
}

function Detail({ request, onDecided }: { request: RequestDetailView; onDecided: () => void }) {
  const t = useTranslations("inbox");
  const tellTitle = useRequestTitle();
  const tStatus = useTranslations("words.requestStatus");
  const comments = request.timeline.filter((event) => event.operation === "request.comment");
  return (
    <article className={classes.detail}>
      <header className={classes.head}>
        <h2 className={classes.title}>{tellTitle(request)}</h2>
        <div className={classes.under}>
          <DatabaseName database={request.database} />
          <RequestStatusBadge status={request.status} />
          {request.grant ? <GrantStatusBadge grant={request.grant} /> : null}
          <Link to="/requests/$requestId" params={{ requestId: request.id }} className={classes.full}>
            {t("full")}
          </Link>
        </div>
      </header>
      <blockquote className={classes.reason}>
        <LinkedText text={request.reason} />
      </blockquote>
      {comments.length === 0 ? null : (
        <ul className={classes.comments}>
          {comments.map((event) => (
            <li key={event.id}>
              <span className={classes.said}>
                <EventSentence event={event} /> <Moment at={event.at} />
              </span>
              <p>
                <LinkedText text={String(event.data["comment"] ?? "")} />
              </p>
            </li>
          ))}
        </ul>
      )}
      {request.status !== "pending" && request.decidedBy !== null && request.decidedAt !== null ? (
        <Callout>
          {t.rich("decidedBy", {
            name: request.decidedBy.name,
            status: tStatus(request.status).toLowerCase(),
            moment: () => <Moment at={request.decidedAt ?? ""} />,
          })}
        </Callout>
      ) : null}
      <Panel>
        <DecisionPanel request={request} onDecided={onDecided} />
      </Panel>
      <div className={classes.columns}>
        <Panel>
          <RequestFacts request={request} />
        </Panel>
        <Panel>
          <PrivilegeList
            privileges={request.privileges}
            of={request.status === "pending" ? "them" : "access"}
          />
        </Panel>
      </div>
      <Panel>
        <div className={classes.around}>
          <Surroundings request={request} own={false} />
        </div>
      </Panel>
    </article>
  );
}
