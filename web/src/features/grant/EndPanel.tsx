import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { api, type GrantView } from "../../lib/api.ts";
import { meQuery } from "../../lib/queries.ts";
import { notifyDone } from "../../ui/notify.ts";
import { ProblemNotice } from "../../ui/ProblemNotice.tsx";
import classes from "./panel.module.css";
import { useGrantChange } from "./use-grant-change.ts";

/** Asks again before access ends, with the consequence in words; for somebody else's access also why. */
export function EndPanel({ grant, onClose }: { grant: GrantView; onClose: () => void }) {
  const t = useTranslations("grant.ending");
  const { data: me } = useQuery(meQuery);
  const own = me?.user.id === grant.holder.id;
  const [reason, setReason] = useState("");
  const end = useGrantChange(
    () => api.endGrant(grant.id, reason.trim()),
    () => {
      notifyDone(t("ended", { database: grant.database.name }));
      onClose();
    },
  );
  return (
    <section className={classes.panel} aria-label={t("title")}>
      <p className={classes.title}>{t("title")}</p>
      <p className={classes.text}>
        {own
          ? t("consequence", { account: grant.account })
          : t("consequenceOther", { account: grant.account, holder: grant.holder.name })}
      </p>
      {own ? null : (
        <TextInput
          label={t("reason")}
          required
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
      {end.isError ? <ProblemNotice error={end.error} /> : null}
      <div className={classes.buttons}>
        <Button
          size="xs"
          color="red"
          loading={end.isPending}
          disabled={!own && reason.trim() === ""}
          onClick={() => end.mutate(undefined)}
        >
          {t("confirm")}
        </Button>
        <Button size="xs" variant="default" onClick={onClose}>
          {t("keep")}
        </Button>
      </div>
    </section>
  );
}
