import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import type { DatabaseDetailView, RequestView } from "../../lib/api.ts";
import { LevelBadge } from "../../ui/LevelBadge.tsx";
import { Moment } from "../../ui/Moment.tsx";
import { Panel, Section } from "../../ui/Page.tsx";
import { RequestStatusBadge } from "../../ui/StatusBadge.tsx";
import classes from "./DatabaseSurroundings.module.css";

export function HolderList({ holders }: Pick<DatabaseDetailView, "holders">) {
  const t = useTranslations("databases.who");
  return (
    <Section title={t("title")}>
      <Panel>
        {holders.length === 0 ? <p className={classes.none}>{t("none")}</p> : null}
        <ul className={classes.rows}>
          {holders.map((holder) => (
            <li key={holder.grantId} className={classes.row}>
              <Link to="/grants/$grantId" params={{ grantId: holder.grantId }}>
                {holder.name}
              </Link>
              <LevelBadge level={holder.level} />
              <span className={classes.when}>
                {holder.endsAt === null
                  ? t("starting")
                  : t.rich("until", { moment: () => <Moment at={holder.endsAt ?? ""} show="absolute" /> })}
              </span>
            </li>
          ))}
        </ul>
      </Panel>
    </Section>
  );
}

export function PolicyList({ policies }: Pick<DatabaseDetailView, "policies">) {
  const t = useTranslations("databases.policies");
  return (
    <Section title={t("title")} aside={<Link to="/policies/matrix">{t("matrix")}</Link>}>
      <Panel>
        {policies.length === 0 ? <p className={classes.none}>{t("none")}</p> : null}
        <ul className={classes.rows}>
          {policies.map((policy) => (
            <li key={policy.id}>
              <Link to="/policies/$policyId" params={{ policyId: policy.id }}>
                {policy.name}
              </Link>
            </li>
          ))}
        </ul>
      </Panel>
    </Section>
  );
}

type Recent = { requests: DatabaseDetailView["recentRequests"]; databaseId: string };

export function RecentRequests({ requests, databaseId }: Recent) {
  const t = useTranslations("databases.recent");
  return (
    <Section
      title={t("title")}
      aside={
        <Link to="/audit" search={{ database: databaseId }}>
          {t("all")}
        </Link>
      }
    >
      <Panel>
        {requests.length === 0 ? <p className={classes.none}>{t("none")}</p> : null}
        <ul className={classes.rows}>
          {requests.map((request) => (
            <li key={request.id} className={classes.row}>
              <Link to="/requests/$requestId" params={{ requestId: request.id }}>
                {request.requester}
              </Link>
              <LevelBadge level={request.level} />
              {isStatus(request.status) ? <RequestStatusBadge status={request.status} /> : request.status}
              <span className={classes.when}>
                <Moment at={request.createdAt} />
              </span>
            </li>
          ))}
        </ul>
      </Panel>
    </Section>
  );
}

function isStatus(status: string): status is RequestView["status"] {
  return ["pending", "approved", "rejected", "cancelled", "lapsed"].includes(status);
}
