import { IconDatabase, IconSearch } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import type { DatabaseView } from "../../lib/api.ts";
import { useMe } from "../../lib/roles.ts";
import { present } from "../../lib/search-params.ts";
import { ChoiceLinks } from "../../ui/ChoiceLinks.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { EnvironmentBadge } from "../../ui/EnvironmentBadge.tsx";
import { LinkButton } from "../../ui/LinkButton.tsx";
import { ListView } from "../../ui/ListView.tsx";
import { Page, Panel } from "../../ui/Page.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { RowsSkeleton } from "../../ui/Skeletons.tsx";
import { byEnvironment } from "./by-environment.ts";
import { DatabaseRow } from "./DatabaseRow.tsx";
import classes from "./DatabasesPage.module.css";
import { databasePagesQuery } from "./databases-query.ts";

type Props = { q: string; environment: string | undefined; onSearch: (q: string) => void };

/** Every database that is offered, by environment: its health, who has access, what the reader may ask for. */
export function DatabasesPage({ q, environment, onSearch }: Props) {
  const t = useTranslations("databases");
  const databases = useInfiniteQuery({ ...databasePagesQuery(q), placeholderData: keepPreviousData });
  const groups = byEnvironment(databases.data ?? []);
  const isFiltered = q !== "" || environment !== undefined;
  return (
    <Page title={t("title")} width="wide">
      <div className={classes.filters}>
        <SearchField label={t("search")} value={q} onSearch={onSearch} />
        {groups.length > 1 || environment !== undefined ? (
          <EnvironmentChoice groups={groups.map((group) => group.environment)} />
        ) : null}
      </div>
      <ListView query={databases} skeleton={<RowsSkeleton rows={6} />}>
        {() => {
          const shown = groups.filter(
            (group) => environment === undefined || group.environment.name === environment,
          );
          if (shown.length > 0) {
            return shown.map((group) => <Group key={group.environment.id} {...group} />);
          }
          return isFiltered ? <NothingFound /> : <NoDatabases />;
        }}
      </ListView>
    </Page>
  );
}

function Group({ environment, databases }: ReturnType<typeof byEnvironment>[number]) {
  return (
    <section className={classes.group} aria-labelledby={`environment-${environment.id}`}>
      <h2 className={classes.heading} id={`environment-${environment.id}`}>
        <EnvironmentBadge environment={environment} />
        <span className={classes.count}>{databases.length}</span>
      </h2>
      <Panel padded={false}>
        <ul className={classes.rows}>
          {databases.map((database) => (
            <DatabaseRow key={database.id} database={database} />
          ))}
        </ul>
      </Panel>
    </section>
  );
}

function EnvironmentChoice({ groups }: { groups: DatabaseView["environment"][] }) {
  const t = useTranslations("databases");
  const exact = { exact: true, includeSearch: true } as const;
  return (
    <ChoiceLinks label={t("environments")}>
      <Link to="/databases" search={({ q }) => present({ q })} activeOptions={exact} resetScroll={false}>
        {t("all")}
      </Link>
      {groups.map(({ id, name }) => (
        <Link
          key={id}
          to="/databases"
          search={(search) => ({ ...search, environment: name })}
          activeOptions={exact}
          resetScroll={false}
        >
          {name}
        </Link>
      ))}
    </ChoiceLinks>
  );
}

function NothingFound() {
  const t = useTranslations("databases");
  return (
    <EmptyState
      icon={IconSearch}
      title={t("nothingTitle")}
      action={
        <LinkButton to="/databases" variant="default">
          {t("showAll")}
        </LinkButton>
      }
    >
      {t("nothing")}
    </EmptyState>
  );
}

function NoDatabases() {
  const t = useTranslations("databases");
  const { administers } = useMe();
  return (
    <EmptyState
      icon={IconDatabase}
      title={t("emptyTitle")}
      action={
        administers ? (
          <LinkButton to="/settings/$section" params={{ section: "instances" }} search={{ add: true }}>
            {t("addInstance")}
          </LinkButton>
        ) : null
      }
    >
      {administers ? t("emptyAdministrator") : t("emptyMember")}
    </EmptyState>
  );
}
