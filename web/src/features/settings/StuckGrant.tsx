import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import type { GrantView } from "../../lib/api.ts";
import { retryGrant } from "../../lib/retry-grant.ts";
import { DatabaseName } from "../../ui/DatabaseName.tsx";
import { FailureDetail } from "../../ui/FailureDetail.tsx";
import { failureTitle } from "../../ui/failure-title.ts";
import { LevelBadge } from "../../ui/LevelBadge.tsx";
import { notifyDone } from "../../ui/notify.ts";
import { Overdue } from "../../ui/Overdue.tsx";
import { ProblemNotice } from "../../ui/ProblemNotice.tsx";
import { GrantStatusBadge } from "../../ui/StatusBadge.tsx";
import classes from "./StuckGrant.module.css";

/** One account that is not as it should be: why, since when, what blocks it, what to run, and another try. */
export function StuckGrant({ grant }: { grant: GrantView }) {
  const t = useTranslations("settings.guarantee");
  const tFailure = useTranslations("guarantee.failure");
  const tOverdue = useTranslations("guarantee.overdue");
  const client = useQueryClient();
  const retry = useMutation({
    mutationFn: () => retryGrant(grant.id),
    onSuccess: (outcome) => {
      if (outcome === "trying") notifyDone(tFailure("retried"));
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["grants"] }),
  });
  return (
    <article className={classes.grant} aria-label={grant.account}>
      <div className={classes.head}>
        <GrantStatusBadge grant={grant} />
        <DatabaseName database={grant.database} />
        <LevelBadge level={grant.level} />
        <span>{grant.holder.name}</span>
        <span className={classes.overdue}>
          <Overdue grant={grant} />
        </span>
      </div>
      <Link to="/grants/$grantId" params={{ grantId: grant.id }} className="mono">
        {grant.account}
      </Link>
      {grant.failure ? (
        <>
          <p className={classes.title}>{tFailure(`title.${failureTitle(grant.failure)}`)}</p>
          <FailureDetail grant={grant} failure={grant.failure} />
        </>
      ) : (
        <p>{tOverdue("nobody")}</p>
      )}
      {retry.isError ? <ProblemNotice error={retry.error} /> : null}
      <div className={classes.actions}>
        {grant.may.retry ? (
          <Button
            size="xs"
            variant="default"
            loading={retry.isPending}
            leftSection={<IconRefresh size={14} aria-hidden />}
            onClick={() => retry.mutate()}
          >
            {tFailure("retry")}
          </Button>
        ) : null}
        <Link to="/requests/$requestId" params={{ requestId: grant.requestId }}>
          {t("story")}
        </Link>
      </div>
    </article>
  );
}
