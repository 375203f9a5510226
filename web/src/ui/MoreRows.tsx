import { Button } from "@mantine/core";
import { useTranslations } from "use-intl";
import classes from "./ListView.module.css";
import { ProblemNotice } from "./ProblemNotice.tsx";

type Props = {
  query: {
    error: Error | null;
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    fetchNextPage: () => unknown;
  };
};

/** The way to the rows after those of a list that is read page by page; nothing where there are none. */
export function MoreRows({ query }: Props) {
  const t = useTranslations("ui");
  if (query.isFetchNextPageError) {
    return <ProblemNotice error={query.error} onRetry={() => void query.fetchNextPage()} />;
  }
  if (!query.hasNextPage) return null;
  return (
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
  );
}
