import { Button } from "@mantine/core";
import { IconArrowsDiff, IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import type { ReconciliationView } from "../../lib/api.ts";
import { useMe } from "../../lib/roles.ts";
import { useHeldList } from "../../lib/use-held-list.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ListView } from "../../ui/ListView.tsx";
import { NothingHere } from "../../ui/NothingHere.tsx";
import { ProblemNotice } from "../../ui/ProblemNotice.tsx";
import { RowsSkeleton } from "../../ui/Skeletons.tsx";
import { ReconciledInstance } from "./ReconciledInstance.tsx";
import classes from "./ReconciliationSection.module.css";
import { SectionHead } from "./SectionHead.tsx";
import type { SectionProps } from "./SettingsPage.tsx";
import { reconciliationsQuery } from "./settings-queries.ts";
import { useReconcile } from "./use-reconcile.ts";

/** Ledger against the accounts that are really there: each instance with its last comparison and what differs. */
export function ReconciliationSection({ search, onSearch }: SectionProps) {
  const t = useTranslations("settings.reconciliation");
  const { administers } = useMe();
  const query = useInfiniteQuery(reconciliationsQuery);
  const { rows = [], hold } = useHeldList(query.data, idOf);
  const reconcile = useReconcile();
  const shown = search.instance ? rows.filter((row) => idOf(row) === search.instance) : rows;
  const idle = shown.filter(({ status }) => status !== "running");
  return (
    <>
      <SectionHead lead={t("lead")}>
        {administers && rows.length > 0 && search.instance === undefined ? (
          <Button
            variant="default"
            leftSection={<IconSearch size={15} aria-hidden />}
            loading={reconcile.isPending}
            disabled={idle.length === 0}
            onClick={() => reconcile.mutate({ ids: idle.map(idOf), mode: "dry-run" })}
          >
            {t("checkAll")}
          </Button>
        ) : null}
      </SectionHead>
      <p className={classes.modes}>{t("modes")}</p>
      {reconcile.isError ? <ProblemNotice error={reconcile.error} /> : null}
      {search.instance === undefined ? null : (
        <p className={classes.filtered}>
          <Link to="/settings/$section" params={{ section: "reconciliation" }} onClick={() => onSearch({})}>
            {t("showAll")}
          </Link>
        </p>
      )}
      <ListView query={query} skeleton={<RowsSkeleton rows={4} height={84} />}>
        {() =>
          rows.length === 0 ? (
            <EmptyState icon={IconArrowsDiff} title={t("empty")}>
              {t("emptyText")}
            </EmptyState>
          ) : shown.length === 0 ? (
            <NothingHere />
          ) : (
            <div className={classes.instances} {...hold}>
              {shown.map((reconciliation) => (
                <ReconciledInstance key={idOf(reconciliation)} reconciliation={reconciliation} />
              ))}
            </div>
          )
        }
      </ListView>
    </>
  );
}

function idOf({ instance }: ReconciliationView): string {
  return instance.id;
}
