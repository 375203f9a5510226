import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import type { DatabaseDetailView } from "../../lib/api.ts";
import { databaseQuery } from "../../lib/queries.ts";
import { useMe } from "../../lib/roles.ts";
import { EnvironmentBadge } from "../../ui/EnvironmentBadge.tsx";
import { HealthBadge } from "../../ui/HealthBadge.tsx";
import { LinkButton } from "../../ui/LinkButton.tsx";
import { Page, Panel, Section } from "../../ui/Page.tsx";
import { QueryView } from "../../ui/QueryView.tsx";
import { RowsSkeleton, TextSkeleton } from "../../ui/Skeletons.tsx";
import { AskPanel } from "./AskPanel.tsx";
import classes from "./DatabasePage.module.css";
import { HolderList, PolicyList, RecentRequests } from "./DatabaseSurroundings.tsx";
import { SchemaPart } from "./SchemaPart.tsx";

type Props = {
  databaseId: string;
  q: string;
  onSearch: (q: string) => void;
  open: ReadonlySet<string>;
  onToggle: (schema: string, table: string) => void;
};

/** One database: its schema, what the reader may ask for, and for administrators and auditors who has access. */
export function DatabasePage({ databaseId, ...schema }: Props) {
  const t = useTranslations("databases");
  const query = useQuery(databaseQuery(databaseId));
  const database = query.data;
  return (
    <Page
      title={database?.name ?? t("title")}
      width="wide"
      description={database ? <Where database={database} /> : <Link to="/databases">{t("back")}</Link>}
      actions={
        database?.present && database.askable.some((level) => level.allowed) ? (
          <LinkButton to="/request" search={{ database: database.id }}>
            {t("request")}
          </LinkButton>
        ) : null
      }
    >
      <QueryView query={query} skeleton={<Skeleton />}>
        {(loaded) => (
          <div className={classes.columns}>
            <div className={classes.main}>
              <SchemaPart database={loaded} {...schema} />
            </div>
            <Aside database={loaded} />
          </div>
        )}
      </QueryView>
    </Page>
  );
}

function Where({ database }: { database: DatabaseDetailView }) {
  const t = useTranslations("databases");
  const tWords = useTranslations("words");
  return (
    <div className={classes.where}>
      <Link to="/databases">{t("back")}</Link>
      <span aria-hidden>/</span>
      <span>{database.instance.name}</span>
      <EnvironmentBadge environment={database.environment} />
      <span>{tWords(`engine.${database.engine}`)}</span>
      {database.present ? <HealthBadge health={database.health} /> : <span>{t("gone")}</span>}
      {Object.entries(database.labels).map(([name, value]) => (
        <code key={name} className={classes.label}>
          {name}={value}
        </code>
      ))}
    </div>
  );
}

function Aside({ database }: { database: DatabaseDetailView }) {
  const t = useTranslations("databases");
  const { seesAll } = useMe();
  return (
    <div className={classes.aside}>
      <Section title={t("ask.title")}>
        <Panel>
          <AskPanel database={database} />
        </Panel>
      </Section>
      {seesAll ? (
        <>
          <HolderList holders={database.holders} />
          <PolicyList policies={database.policies} />
          <RecentRequests requests={database.recentRequests} databaseId={database.id} />
        </>
      ) : null}
    </div>
  );
}

function Skeleton() {
  return (
    <div className={classes.columns}>
      <div className={classes.main}>
        <RowsSkeleton rows={8} height={44} />
      </div>
      <div className={classes.aside}>
        <TextSkeleton lines={6} />
      </div>
    </div>
  );
}
