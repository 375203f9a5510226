import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import type { GrantView } from "../../lib/api.ts";
import { grantQuery } from "../../lib/queries.ts";
import { Duration } from "../../ui/Duration.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { GrantLayers } from "../../ui/GrantLayers.tsx";
import { Moment } from "../../ui/Moment.tsx";
import { Page, Panel } from "../../ui/Page.tsx";
import { QueryView } from "../../ui/QueryView.tsx";
import { ScopeText } from "../../ui/ScopeText.tsx";
import { RowsSkeleton } from "../../ui/Skeletons.tsx";
import { GrantCard } from "./GrantCard.tsx";
import classes from "./GrantPage.module.css";
import type { GrantPanel } from "./grant-panel.ts";
import { WriteOff } from "./WriteOff.tsx";

type Props = { grantId: string; panel: GrantPanel | null; onPanel: (panel: GrantPanel | null) => void };

/** The permalink of one grant. */
export function GrantPage({ grantId, panel, onPanel }: Props) {
  const t = useTranslations("grant.page");
  const grant = useQuery(grantQuery(grantId));
  const title = grant.data ? t("title", { database: grant.data.database.name }) : " ";
  return (
    <Page title={title} width="narrow">
      <QueryView query={grant} skeleton={<RowsSkeleton rows={3} height={80} />}>
        {(found) => (
          <div className={classes.stack}>
            <GrantCard grant={found} panel={panel} onPanel={onPanel} linked={false} />
            {found.may.writeOff ? <WriteOff grant={found} /> : null}
            <Panel>
              <GrantLayers grant={found} />
            </Panel>
            <Panel>
              <Facts facts={factsOf(found, t)} />
            </Panel>
          </div>
        )}
      </QueryView>
    </Page>
  );
}

function factsOf(
  grant: GrantView,
  t: ReturnType<typeof useTranslations<"grant.page">>,
): { name: string; value: ReactNode }[] {
  const moment = (at: string | null) => (at === null ? t("notYet") : <Moment at={at} show="both" />);
  return [
    { name: t("holder"), value: `${grant.holder.name} · ${grant.holder.email}` },
    { name: t("account"), value: <code>{grant.account}</code> },
    { name: t("scope"), value: <ScopeText scope={grant.scope} /> },
    { name: t("length"), value: <Duration minutes={grant.durationMinutes} /> },
    { name: t("asked"), value: moment(grant.createdAt) },
    { name: t("started"), value: moment(grant.startedAt) },
    { name: grant.state === "active" ? t("ends") : t("endedAt"), value: moment(grant.endsAt) },
    { name: t("revoked"), value: moment(grant.absentAt ?? grant.revokedAt) },
    {
      name: t("request"),
      value: (
        <Link to="/requests/$requestId" params={{ requestId: grant.requestId }}>
          {t("requestLink")}
        </Link>
      ),
    },
  ];
}
