import { Button } from "@mantine/core";
import { IconAlertTriangle, IconLock, IconRefresh } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import type { GrantView } from "../../lib/api.ts";
import { retryGrant } from "../../lib/retry-grant.ts";
import { useMe } from "../../lib/roles.ts";
import { Callout } from "../../ui/Callout.tsx";
import { FailureDetail } from "../../ui/FailureDetail.tsx";
import { failureTitle } from "../../ui/failure-title.ts";
import { notifyDone } from "../../ui/notify.ts";
import { ProblemNotice } from "../../ui/ProblemNotice.tsx";
import { useGrantChange } from "./use-grant-change.ts";

type Props = { grant: GrantView; failure: NonNullable<GrantView["failure"]> };

/** Why a grant does not get on, what is safe, and another try. Its holder reads first that nothing is for them to do. */
export function FailureNotice({ grant, failure }: Props) {
  const t = useTranslations("guarantee.failure");
  const { me, administers } = useMe();
  const calm = me.user.id === grant.holder.id && !administers;
  const isLocked = failure.loginDenied === true;
  const retry = useGrantChange(
    () => retryGrant(grant.id),
    (outcome) => {
      if (outcome === "trying") notifyDone(t("retried"));
    },
  );
  return (
    <Callout
      tone={calm && isLocked ? "amber" : "red"}
      icon={isLocked ? IconLock : IconAlertTriangle}
      title={
        calm && failure.step === "revoke"
          ? t(isLocked ? "holder.locked" : "holder.revoke")
          : t(`title.${failureTitle(failure)}`)
      }
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
      <FailureDetail grant={grant} failure={failure} calm={calm} />
      {retry.isError ? <ProblemNotice error={retry.error} /> : null}
    </Callout>
  );
}
