import { IconGridDots } from "@tabler/icons-react";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { api, type Level } from "../../lib/api.ts";
import { polled } from "../../lib/poll.ts";
import { Callout } from "../../ui/Callout.tsx";
import { ChoiceLinks } from "../../ui/ChoiceLinks.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { QueryView } from "../../ui/QueryView.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { RowsSkeleton } from "../../ui/Skeletons.tsx";
import classes from "./MatrixPage.module.css";
import { MatrixTable } from "./MatrixTable.tsx";
import { PoliciesFrame } from "./PoliciesFrame.tsx";

const matrixQuery = queryOptions({
  queryKey: ["policies", "matrix"],
  queryFn: ({ signal }) => api.readMatrix(signal),
  ...polled(30_000),
});

type Props = { level: Level; q: string; onSearch: (q: string) => void };

/** Who may ask for what, computed from the policies. */
export function MatrixPage(props: Props) {
  return (
    <PoliciesFrame part="matrix">
      <Matrix {...props} />
    </PoliciesFrame>
  );
}

function Matrix({ level, q, onSearch }: Props) {
  const t = useTranslations("policies.matrix");
  const query = useQuery(matrixQuery);
  return (
    <>
      <p className={classes.lead}>{t("lead")}</p>
      <div className={classes.filters}>
        <SearchField label={t("search")} value={q} onSearch={onSearch} delayMs={120} />
        <ChoiceLinks label={t("level")}>
          {(["read", "write", "ddl"] as const).map((each) => (
            <Link
              key={each}
              to="/policies/matrix"
              search={(search) => ({ ...search, level: each })}
              activeProps={{ "aria-current": level === each ? "page" : undefined }}
              aria-current={level === each ? "page" : undefined}
              replace
              resetScroll={false}
            >
              {each}
            </Link>
          ))}
        </ChoiceLinks>
      </div>
      <QueryView query={query} skeleton={<RowsSkeleton rows={8} height={40} />}>
        {(matrix) => {
          const wanted = q.toLowerCase();
          const columns = matrix.databases
            .map((database, index) => ({ database, index }))
            .filter(({ database: { name, instance, environment } }) =>
              `${name} ${instance.name} ${environment.name}`.toLowerCase().includes(wanted),
            );
          if (matrix.databases.length === 0) {
            return (
              <EmptyState icon={IconGridDots} title={t("emptyTitle")}>
                {t("empty")}
              </EmptyState>
            );
          }
          if (columns.length === 0) {
            return <EmptyState icon={IconGridDots} title={t("nothing", { query: q })} />;
          }
          return (
            <div className={classes.result}>
              {matrix.truncated ? <Callout tone="amber">{t("truncated")}</Callout> : null}
              <MatrixTable columns={columns} subjects={matrix.subjects} level={level} />
              <p className={classes.legend}>{t("legend")}</p>
            </div>
          );
        }}
      </QueryView>
    </>
  );
}
