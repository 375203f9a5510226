import { Button } from "@mantine/core";
import { IconBook2, IconRefresh, IconSearchOff } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { useMe } from "../../lib/roles.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { NotAllowed } from "../../ui/NotAllowed.tsx";
import { Page } from "../../ui/Page.tsx";
import { ProblemNotice } from "../../ui/ProblemNotice.tsx";
import { RowsSkeleton } from "../../ui/Skeletons.tsx";
import classes from "./AuditPage.module.css";
import type { AuditSearch } from "./audit-filter.ts";
import { eventsQuery, newestQuery } from "./audit-queries.ts";
import { EventTable } from "./EventTable.tsx";
import { ExportButtons } from "./ExportButtons.tsx";
import { FilterBar } from "./FilterBar.tsx";
import { SearchedBack } from "./SearchedBack.tsx";

type Props = {
  search: AuditSearch;
  onSearch: (search: AuditSearch) => void;
  /** The event that is shown whole. */
  open: string | undefined;
  onOpen: (eventId: string | undefined) => void;
};

/** Who did what, when, by whose approval; every filter is in the address. */
export function AuditPage(props: Props) {
  const t = useTranslations("audit");
  const { seesAll } = useMe();
  return (
    <Page title={t("title")} width="wide" actions={seesAll ? <ExportButtons search={props.search} /> : null}>
      {seesAll ? <Search {...props} /> : <NotAllowed what={t("notAllowed.what")} who={t("notAllowed.who")} />}
    </Page>
  );
}

function Search({ search, onSearch, open, onOpen }: Props) {
  const t = useTranslations("audit");
  const query = useInfiniteQuery(eventsQuery(search));
  const events = query.data?.pages.flatMap((page) => page.items) ?? [];
  const isFiltered = Object.keys(search).length > 0;
  return (
    <>
      <FilterBar search={search} onSearch={onSearch} />
      {query.data === undefined ? (
        query.isError ? (
          <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <RowsSkeleton rows={12} height={38} />
        )
      ) : (
        <>
          <NewerNotice search={search} shown={events[0]?.id ?? null} />
          {events.length > 0 ? (
            <EventTable events={events} open={open} onOpen={onOpen} />
          ) : query.hasNextPage ? null : (
            <EmptyState
              icon={isFiltered ? IconSearchOff : IconBook2}
              title={isFiltered ? t("nothingTitle") : t("emptyTitle")}
              action={
                isFiltered ? (
                  <Button variant="default" onClick={() => onSearch({})}>
                    {t("clearAll")}
                  </Button>
                ) : null
              }
            >
              {isFiltered ? t("nothing") : t("empty")}
            </EmptyState>
          )}
          <SearchedBack
            isEmpty={events.length === 0}
            isText={search.q !== undefined}
            searchedBackTo={query.data.pages.at(-1)?.searchedBackTo ?? null}
            query={query}
          />
        </>
      )}
    </>
  );
}

/** Says that there is more on top; the reader decides when the rows move. The place for it is always there. */
function NewerNotice({ search, shown }: { search: AuditSearch; shown: string | null }) {
  const t = useTranslations("audit");
  const client = useQueryClient();
  const { data: newest } = useQuery(newestQuery(search));
  const isNewer = newest !== undefined && newest !== null && newest > (shown ?? "");
  return (
    <output className={classes.newer}>
      {isNewer ? (
        <>
          {t("newer")}{" "}
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<IconRefresh size={13} aria-hidden />}
            onClick={() => void client.resetQueries({ queryKey: eventsQuery(search).queryKey })}
          >
            {t("show")}
          </Button>
        </>
      ) : null}
    </output>
  );
}
