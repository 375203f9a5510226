import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { api, type InstanceView } from "../../lib/api.ts";
import { serverNowMs } from "../../lib/clock.ts";
import { useMe } from "../../lib/roles.ts";
import { useTicking } from "../../lib/use-ticking.ts";
import { Callout } from "../../ui/Callout.tsx";
import { useDurationText } from "../../ui/Duration.tsx";
import { Moment } from "../../ui/Moment.tsx";
import { ProblemNotice } from "../../ui/ProblemNotice.tsx";
import { SqlBlock } from "../../ui/SqlBlock.tsx";
import classes from "./ConnectionTest.module.css";
import { InstanceStatusBadge } from "./InstanceStatusBadge.tsx";
import { remedies } from "./instance-status.ts";
import { instanceQuery } from "./settings-queries.ts";

type Inspection = InstanceView["inspection"];

/** The last test of the connection, its progress while it runs, and what to run where something is missing. */
export function ConnectionTest({ instance }: { instance: InstanceView }) {
  const t = useTranslations("settings.test");
  const { administers } = useMe();
  const client = useQueryClient();
  const { inspection } = instance;
  const start = useMutation({
    mutationFn: () => api.inspectInstance(instance.id),
    onSuccess: (started) => client.setQueryData(instanceQuery(instance.id).queryKey, started),
    onSettled: () => client.invalidateQueries({ queryKey: ["instances"] }),
  });
  const isRunning = inspection.status === "running";
  return (
    <section className={classes.test} aria-label={t("title")}>
      <div className={classes.head}>
        <h4 className={classes.title}>{t("title")}</h4>
        <InstanceStatusBadge inspection={inspection} />
        {administers ? (
          <Button
            size="xs"
            variant="default"
            className={classes.run}
            loading={start.isPending || isRunning}
            leftSection={<IconPlayerPlay size={14} aria-hidden />}
            onClick={() => start.mutate()}
          >
            {inspection.status === "never" ? t("run") : t("again")}
          </Button>
        ) : null}
      </div>
      {start.isError ? <ProblemNotice error={start.error} /> : null}
      <output className={classes.state}>
        {isRunning ? <Running inspection={inspection} /> : <Result inspection={inspection} />}
      </output>
      <Checks inspection={inspection} />
    </section>
  );
}

function Running({ inspection }: { inspection: Inspection }) {
  const t = useTranslations("settings.test");
  const tell = useDurationText();
  const startedMs = Date.parse(inspection.startedAt ?? "");
  const duration = useTicking(() =>
    tell(Math.max(0, Math.floor((serverNowMs() - (startedMs || serverNowMs())) / 1_000) * 1_000)),
  );
  return (
    <>
      <span className={classes.track} aria-hidden>
        <span className={classes.runner} />
      </span>
      <span className={classes.text}>
        {t("running")} <span className="num">{t("since", { duration })}</span>
      </span>
    </>
  );
}

function Result({ inspection }: { inspection: Inspection }) {
  const t = useTranslations("settings.test");
  const tell = useDurationText();
  const { status, finishedAt, startedAt, serverVersion, error, checks } = inspection;
  if (status === "never") return <span className={classes.text}>{t("never")}</span>;
  const missing = checks.filter((check) => check.status === "missing").length;
  return (
    <>
      {status === "failed" ? (
        <Callout tone="red" icon={IconAlertTriangle} title={t("failed")}>
          {error ? <p>{error}</p> : null}
          <p className={classes.text}>{t("safe")}</p>
        </Callout>
      ) : missing > 0 ? (
        <span>{t("missing", { count: missing })}</span>
      ) : (
        <span>{t("allGood")}</span>
      )}
      <span className={classes.text}>
        {finishedAt === null || startedAt === null
          ? null
          : t.rich("finished", {
              moment: () => <Moment at={finishedAt} />,
              duration: tell(Math.max(1_000, Date.parse(finishedAt) - Date.parse(startedAt))),
            })}
        {serverVersion ? ` · ${serverVersion}` : null}
      </span>
    </>
  );
}

const marks = { ok: IconCircleCheck, missing: IconCircleX, warning: IconAlertTriangle } as const;

function Checks({ inspection: { checks } }: { inspection: Inspection }) {
  const t = useTranslations("settings.test");
  const open = checks.filter((check) => check.status !== "ok").toSorted(byUrgency);
  const inPlace = checks.filter((check) => check.status === "ok");
  return (
    <>
      {open.length > 0 ? <CheckList checks={open} /> : null}
      {remedies(checks).map(({ database, sql }) => (
        <SqlBlock key={database} label={t("inDatabase", { database })} sql={sql} />
      ))}
      {inPlace.length > 0 ? (
        <details className={classes.inPlace}>
          <summary>{t("inPlace", { count: inPlace.length })}</summary>
          <CheckList checks={inPlace} />
        </details>
      ) : null}
    </>
  );
}

function byUrgency(one: Inspection["checks"][number], other: Inspection["checks"][number]): number {
  return Number(one.status === "warning") - Number(other.status === "warning");
}

function CheckList({ checks }: Pick<Inspection, "checks">) {
  const t = useTranslations("settings.test");
  return (
    <ul className={classes.checks}>
      {checks.map((check) => {
        const Mark = marks[check.status];
        return (
          <li key={`${check.name} ${check.message}`} className={classes.check} data-status={check.status}>
            <Mark size={16} aria-hidden />
            <div>
              <span className="visually-hidden">{t(`status.${check.status}`)}: </span>
              {check.message} <code className={classes.checkName}>{check.name}</code>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
