import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import type { RequestDetailView } from "../../lib/api.ts";
import { isOver } from "../../lib/is-over.ts";
import { requestQuery } from "../../lib/queries.ts";
import { AskAgain } from "../../ui/AskAgain.tsx";
import { Callout } from "../../ui/Callout.tsx";
import { DatabaseName } from "../../ui/DatabaseName.tsx";
import { GrantLayers } from "../../ui/GrantLayers.tsx";
import { LevelBadge } from "../../ui/LevelBadge.tsx";
import { LinkButton } from "../../ui/LinkButton.tsx";
import { Page, Panel, Section } from "../../ui/Page.tsx";
import { PrivilegeList } from "../../ui/PrivilegeList.tsx";
import { QueryView } from "../../ui/QueryView.tsx";
import { RequestKindBadge } from "../../ui/RequestKindBadge.tsx";
import { RowsSkeleton } from "../../ui/Skeletons.tsx";
import { GrantStatusBadge, RequestStatusBadge } from "../../ui/StatusBadge.tsx";
import { CancelRequest } from "./CancelRequest.tsx";
import { DecisionPanel } from "./DecisionPanel.tsx";
import { RequestFacts } from "./RequestFacts.tsx";
import classes from "./RequestPage.module.css";
import { Surroundings } from "./Surroundings.tsx";
import { Timeline } from "./Timeline.tsx";
import { useRequestTitle } from "./use-request-title.ts";

type Props = { requestId: string; me: { user: { id: string } } };

/** The whole story of one request, from asked to revoked, with what can be done now at its end. */
export function RequestPage({ requestId, me }: Props) {
  const t = useTranslations("request");
  const tellTitle = useRequestTitle();
  const request = useQuery(requestQuery(requestId));
  const found = request.data;
  return (
    <Page
      title={found ? tellTitle(found) : t("titleOne")}
      description={found ? <Under request={found} /> : " "}
      actions={found ? <Actions request={found} own={found.requester.id === me.user.id} /> : null}
    >
      <QueryView query={request} skeleton={<RowsSkeleton rows={5} height={64} />}>
        {(detail) => <Story request={detail} own={detail.requester.id === me.user.id} />}
      </QueryView>
    </Page>
  );
}

function Story({ request, own }: { request: RequestDetailView; own: boolean }) {
  const t = useTranslations("request.page");
  return (
    <div className={classes.columns}>
      <div>
        <Section title={t("timeline")}>
          {request.stuck === null ? null : (
            <Callout tone="amber" title={t("stuck")}>
              {request.stuck.message}
            </Callout>
          )}
          <Timeline request={request} />
          {request.may.review || request.may.comment ? (
            <div className={classes.decide}>
              <DecisionPanel key={request.id} request={request} />
            </div>
          ) : null}
          {request.may.cancel ? <CancelRequest request={request} /> : null}
        </Section>
      </div>
      <div className={classes.side}>
        {request.grant ? (
          <Panel>
            <GrantLayers grant={request.grant} />
          </Panel>
        ) : null}
        <Panel>
          <RequestFacts request={request} />
        </Panel>
        <Panel>
          <PrivilegeList
            privileges={request.privileges}
            of={request.status !== "pending" ? "access" : own ? "you" : "them"}
          />
        </Panel>
        <Panel>
          <div className={classes.around}>
            <Surroundings request={request} own={own} />
          </div>
        </Panel>
      </div>
    </div>
  );
}

function Under({ request }: { request: RequestDetailView }) {
  return (
    <span className={classes.under}>
      <RequestStatusBadge status={request.status} />
      {request.grant ? <GrantStatusBadge grant={request.grant} /> : null}
      <RequestKindBadge kind={request.kind} />
      <LevelBadge level={request.level} />
      <DatabaseName database={request.database} />
    </span>
  );
}

function Actions({ request, own }: { request: RequestDetailView; own: boolean }) {
  const t = useTranslations("request.page");
  const over =
    request.status === "rejected" ||
    request.status === "cancelled" ||
    request.status === "lapsed" ||
    (request.grant !== null && isOver(request.grant));
  return (
    <>
      {request.grant ? (
        <LinkButton
          to="/grants/$grantId"
          params={{ grantId: request.grant.id }}
          search={request.grant.may.showCredential ? { panel: "connect" } : {}}
          variant={request.grant.may.showCredential ? "filled" : "default"}
        >
          {request.grant.may.showCredential ? t("connect") : t("openGrant")}
        </LinkButton>
      ) : null}
      {own && over ? <AskAgain asked={request} /> : null}
    </>
  );
}
