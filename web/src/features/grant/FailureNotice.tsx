import { Button } from "@mantine/core";
import { IconAlertTriangle, IconRefresh } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { api, type GrantView } from "../../lib/api.ts";
import { Callout } from "../../ui/Callout.tsx";
import { CopyField } from "../../ui/CopyField.tsx";
import { Moment } from "../../ui/Moment.tsx";
import { notifyDone } from "../../ui/notify.ts";
import { ProblemNotice } from "../../ui/ProblemNotice.tsx";
import classes from "./panel.module.css";
import { useGrantChange } from "./use-grant-change.ts";

type Props = { grant: GrantView; failure: NonNullable<GrantView["failure"]> };

/** Why a grant does not get on, since when, what is safe, and what can be done. */
export function FailureNotice({ grant, failure }: Props) {
  const t = useTranslations("grant.failure");
  const retry = useGrantChange(
    () => api.retryGrant(grant.id),
    () => notifyDone(t("retried")),
  );
  return (
    <Callout
      tone="red"
      icon={IconAlertTriangle}
      title={t(`title.${failure.step}`)}
      action={
        grant.may.retry ? (
          <Button
            size="xs"
            variant="default"
            loading={retry.isPending}
            leftSection={<IconRefresh size={14} aria-hidden />}
            onClick={() => retry.mutate(undefined)}
          >
            {t("retry")}
          </Button>
        ) : null
      }
    >
      <p>
        {t(`reason.${failure.reason}`)} <span className={classes.newEnd}>{failure.message}</span>
      </p>
      <p className={classes.newEnd}>
        {t.rich("tried", { count: failure.attempts, moment: () => <Moment at={failure.since} /> })}{" "}
        {grant.state === "quarantined" ? t("safe") : null}
      </p>
      {failure.blockers.length === 0 ? null : (
        <>
          <p className={classes.sub}>{t("blockers")}</p>
          <ul className={classes.blockers}>
            {failure.blockers.map((blocker) => (
              <li key={blocker}>{blocker}</li>
            ))}
          </ul>
        </>
      )}
      {failure.remedy.length === 0 ? null : (
        <div className={classes.sub}>
          <CopyField label={t("remedy")} value={failure.remedy.join("\n")} multiline />
        </div>
      )}
      {retry.isError ? <ProblemNotice error={retry.error} /> : null}
    </Callout>
  );
}
