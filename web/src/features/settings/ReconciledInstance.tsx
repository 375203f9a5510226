import { Button } from "@mantine/core";
import { IconSearch, IconTool } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import type { ReconciliationView } from "../../lib/api.ts";
import { serverNowMs } from "../../lib/clock.ts";
import { useMe } from "../../lib/roles.ts";
import { useTicking } from "../../lib/use-ticking.ts";
import { Callout } from "../../ui/Callout.tsx";
import { EnvironmentBadge } from "../../ui/EnvironmentBadge.tsx";
import { Moment } from "../../ui/Moment.tsx";
import { ProblemNotice } from "../../ui/ProblemNotice.tsx";
import { DifferenceItem } from "./DifferenceItem.tsx";
import classes from "./ReconciledInstance.module.css";
import { ReconciliationBadge } from "./ReconciliationBadge.tsx";
import { useReconcile } from "./use-reconcile.ts";

/** One instance: when ledger and accounts were last compared, by whom, what differs, and comparing now. */
export function ReconciledInstance({ reconciliation }: { reconciliation: ReconciliationView }) {
  const t = useTranslations("settings.reconciliation");
  const tWords = useTranslations("words");
  const { administers } = useMe();
  const reconcile = useReconcile();
  const { instance, environment, status, differences, differenceCount, error } = reconciliation;
  const begin = (mode: "dry-run" | "repair") => reconcile.mutate({ ids: [instance.id], mode });
  const isRunning = status === "running" || reconcile.isPending;
  return (
    <article className={classes.instance} aria-label={instance.name}>
      <div className={classes.head}>
        <h2 className={classes.name}>
          <Link
            to="/settings/$section"
            params={{ section: "reconciliation" }}
            search={{ instance: instance.id }}
          >
            {instance.name}
          </Link>
        </h2>
        <EnvironmentBadge environment={environment} />
        <span className={classes.engine}>{tWords(`engine.${instance.engine}`)}</span>
        <ReconciliationBadge reconciliation={reconciliation} />
        {administers ? (
          <div className={classes.actions}>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconSearch size={14} aria-hidden />}
              aria-label={t("checkOf", { name: instance.name })}
              disabled={isRunning}
              onClick={() => begin("dry-run")}
            >
              {t("check")}
            </Button>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconTool size={14} aria-hidden />}
              aria-label={t("repairOf", { name: instance.name })}
              disabled={isRunning}
              onClick={() => begin("repair")}
            >
              {t("repair")}
            </Button>
          </div>
        ) : null}
      </div>
      <LastRun reconciliation={reconciliation} />
      {reconcile.isError ? <ProblemNotice error={reconcile.error} /> : null}
      {status === "failed" ? (
        <Callout tone="red" title={t("failed")}>
          <p>{error}</p>
          {differenceCount > 0 ? <p>{t("earlier")}</p> : null}
        </Callout>
      ) : null}
      {differences.length === 0 ? null : (
        <ul className={classes.differences}>
          {differences.map((difference) => (
            <DifferenceItem
              key={`${difference.kind} ${difference.account} ${difference.message}`}
              difference={difference}
            />
          ))}
        </ul>
      )}
      {differenceCount > differences.length ? (
        <p className={classes.quiet}>{t("more", { count: differenceCount - differences.length })}</p>
      ) : null}
    </article>
  );
}

function LastRun({ reconciliation }: { reconciliation: ReconciliationView }) {
  const t = useTranslations("settings.reconciliation");
  const { status, mode, startedAt, startedBy, finishedAt, accountCount, grantCount, nextAt } = reconciliation;
  const isDue = useTicking(() => nextAt !== null && Date.parse(nextAt) <= serverNowMs());
  const by = startedBy ?? t("itself");
  const at = status === "running" ? startedAt : finishedAt;
  return (
    <p className={classes.quiet}>
      {status === "never" || at === null
        ? t("never")
        : t.rich(status === "running" ? "running" : mode === "repair" ? "repaired" : "checked", {
            by,
            moment: () => <Moment at={at} />,
          })}{" "}
      {status === "done" && accountCount !== null
        ? t("counts", { accounts: accountCount, grants: grantCount ?? 0 })
        : null}{" "}
      {nextAt === null
        ? t("asleep")
        : isDue
          ? t("due")
          : t.rich("next", { moment: () => <Moment at={nextAt} /> })}
    </p>
  );
}
