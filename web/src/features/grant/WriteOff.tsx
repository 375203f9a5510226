import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { api, type GrantView } from "../../lib/api.ts";
import { ConfirmPanel } from "../../ui/ConfirmPanel.tsx";
import { notifyDone } from "../../ui/notify.ts";
import { useGrantChange } from "./use-grant-change.ts";

/** For an account whose server is gone for good: the search ends, and the page says that nobody saw it absent. */
export function WriteOff({ grant }: { grant: GrantView }) {
  const t = useTranslations("guarantee.writeOff");
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const writeOff = useGrantChange(
    () => api.writeOffGrant(grant.id, grant.version, reason.trim()),
    () => notifyDone(t("done")),
  );
  if (!asking) {
    return (
      <div>
        <Button size="xs" variant="subtle" color="red" onClick={() => setAsking(true)}>
          {t("ask")}
        </Button>
      </div>
    );
  }
  return (
    <ConfirmPanel
      title={t("title")}
      consequence={t("consequence", { account: grant.account })}
      confirm={t("confirm")}
      onConfirm={() => writeOff.mutate(undefined)}
      onCancel={() => setAsking(false)}
      pending={writeOff.isPending}
      disabled={reason.trim().length < 10}
      error={writeOff.error}
    >
      <Textarea
        label={t("reason")}
        required
        rows={2}
        maxLength={2000}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </ConfirmPanel>
  );
}
