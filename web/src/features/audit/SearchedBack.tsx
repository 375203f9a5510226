import { Button } from "@mantine/core";
import { useTranslations } from "use-intl";
import { Moment } from "../../ui/Moment.tsx";
import { ProblemNotice } from "../../ui/ProblemNotice.tsx";
import classes from "./SearchedBack.module.css";

type Props = {
  isEmpty: boolean;
  isText: boolean;
  searchedBackTo: string | null;
  query: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    error: Error | null;
    fetchNextPage: () => unknown;
  };
};

/** Where the list ends: a search looks through so many events a call, and says how far back that was. */
export function SearchedBack({ isEmpty, isText, searchedBackTo, query }: Props) {
  const t = useTranslations("audit");
  const tUi = useTranslations("ui");
  if (query.isFetchNextPageError) {
    return <ProblemNotice error={query.error} onRetry={() => void query.fetchNextPage()} />;
  }
  if (!query.hasNextPage) return isEmpty ? null : <p className={classes.end}>{t("end")}</p>;
  return (
    <div className={classes.more} data-empty={isEmpty || undefined}>
      {isEmpty ? <p className={classes.title}>{t("searchedTitle")}</p> : null}
      {searchedBackTo === null ? null : (
        <p className={classes.back}>
          {t.rich("searchedBack", { moment: () => <Moment at={searchedBackTo} show="absolute" /> })}
        </p>
      )}
      <Button
        size="xs"
        variant="default"
        loading={query.isFetchingNextPage}
        onClick={() => void query.fetchNextPage()}
      >
        {isText || isEmpty ? t("continue") : tUi("more")}
      </Button>
    </div>
  );
}
