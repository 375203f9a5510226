import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { api, type GrantView } from "../../lib/api.ts";
import { serverNowMs } from "../../lib/clock.ts";
import { useTicking } from "../../lib/use-ticking.ts";
import { DatabaseName } from "../../ui/DatabaseName.tsx";
import { useDurationText } from "../../ui/Duration.tsx";
import { FailureDetail } from "../../ui/FailureDetail.tsx";
import { failureTitle } from "../../ui/failure-title.ts";
import { LevelBadge } from "../../ui/LevelBadge.tsx";
import { notifyDone } from "../../ui/notify.ts";
import { ProblemNotice } from "../../ui/ProblemNotice.tsx";
import { GrantStatusBadge } from "../../ui/StatusBadge.tsx";
import classes from "./StuckGrant.module.css";

/** One account that is not as it should be: why, since when, what blocks it, what to run, and another try. */
export function StuckGrant({ grant }: { grant: GrantView }) {
  const t = useTranslations("settings.guarantee");
  const tFailure = useTranslations("guarantee.failure");
  const client = useQueryClient();
  const retry = useMutation({
    mutationFn: () => api.retryGrant(grant.id),
    onSuccess: () => notifyDone(tFailure("retried")),
    onSettled: () => client.invalidateQueries({ queryKey: ["grants"] }),
  });
  return (
    <article className={classes.grant} aria-label={grant.account}>
      <div className={classes.head}>
        <GrantStatusBadge grant={grant} />
        <DatabaseName database={grant.database} />
        <LevelBadge level={grant.level} />
        <span>{grant.holder.name}</span>
        <Overdue grant={grant} />
      </div>
      <code className={classes.account}>{grant.account}</code>
      {grant.failure ? (
        <>
          <p className={classes.title}>{tFailure(`title.${failureTitle(grant.failure)}`)}</p>
          <FailureDetail grant={grant} failure={grant.failure} />
        </>
      ) : null}
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

function Overdue({ grant }: { grant: GrantView }) {
  const t = useTranslations("settings.guarantee");
  const tell = useDurationText();
  const endsMs = grant.endsAt === null ? null : Date.parse(grant.endsAt);
  const overdue = useTicking(() => {
    const lateMs = endsMs === null ? 0 : serverNowMs() - endsMs;
    return lateMs > 60_000 ? t("overdue", { duration: tell(Math.floor(lateMs / 60_000) * 60_000) }) : "";
  });
  return overdue === "" ? null : <strong className={classes.overdue}>{overdue}</strong>;
}
