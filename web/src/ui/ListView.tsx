import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import classes from "./ListView.module.css";
import { ProblemNotice } from "./ProblemNotice.tsx";

type Props<T> = {
  query: {
    data: T[] | undefined;
    error: Error | null;
    isError: boolean;
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    refetch: () => unknown;
    fetchNextPage: () => unknown;
  };
  skeleton: ReactNode;
  children: (items: T[]) => ReactNode;
};

/** A list read page by page: its skeleton, its problem or its rows, and the way to the rows after them. */
export function ListView<T>({ query, skeleton, children }: Props<T>) {
  const t = useTranslations("ui");
  if (query.data === undefined) {
    if (query.isError) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
    return <>{skeleton}</>;
  }
  return (
    <>
      {children(query.data)}
      {query.isFetchNextPageError ? (
        <ProblemNotice error={query.error} onRetry={() => void query.fetchNextPage()} />
      ) : query.hasNextPage ? (
        <div className={classes.more}>
          <Button
            variant="default"
            size="xs"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t("more")}
          </Button>
        </div>
      ) : null}
    </>
  );
}
