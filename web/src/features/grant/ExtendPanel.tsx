import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { api, type GrantView } from "../../lib/api.ts";
import { serverNowMs } from "../../lib/clock.ts";
import { useShortcuts } from "../../lib/use-shortcuts.ts";
import { DurationPicker } from "../../ui/DurationPicker.tsx";
import { KeyboardHint } from "../../ui/KeyboardHint.tsx";
import { Moment, useMomentFormat } from "../../ui/Moment.tsx";
import { momentText } from "../../ui/moment-text.ts";
import { notifyDone } from "../../ui/notify.ts";
import { ProblemNotice } from "../../ui/ProblemNotice.tsx";
import classes from "./panel.module.css";
import { useGrantChange } from "./use-grant-change.ts";

/** Asks for more time under the same account, within what policy leaves. */
export function ExtendPanel({ grant, onClose }: { grant: GrantView; onClose: () => void }) {
  const t = useTranslations("grant.extension");
  const tUi = useTranslations("ui");
  const format = useMomentFormat();
  const max = grant.maxExtensionMinutes;
  const [minutes, setMinutes] = useState<number | null>(Math.min(60, max));
  const [reason, setReason] = useState("");
  const extend = useGrantChange(
    (extension: { durationMinutes: number; reason: string }) => api.extendGrant(grant.id, extension),
    (request) => {
      const endsAt = request.grantEndsAt;
      notifyDone(
        request.status === "approved" && endsAt !== null
          ? t("approved", { moment: momentText(Date.parse(endsAt), serverNowMs(), format) })
          : t("asked"),
      );
      onClose();
    },
  );
  const ready = minutes !== null && minutes <= max && reason.trim() !== "";
  const send = () => {
    if (ready && !extend.isPending) extend.mutate({ durationMinutes: minutes, reason: reason.trim() });
  };
  useShortcuts({ "mod+Enter": send });
  if (max < 1) return <p className={classes.text}>{t("none")}</p>;
  return (
    <form
      className={classes.panel}
      aria-label={t("title")}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <DurationPicker label={t("by")} valueMinutes={minutes} maxMinutes={max} onChange={setMinutes} />
      {minutes !== null && grant.endsAt !== null ? (
        <p className={classes.newEnd}>
          {t("newEnd")}{" "}
          <Moment at={new Date(Date.parse(grant.endsAt) + minutes * 60_000).toISOString()} show="both" />
        </p>
      ) : null}
      <Textarea
        label={t("reason")}
        placeholder={t("reasonPlaceholder")}
        required
        autosize
        minRows={2}
        maxRows={6}
        maxLength={1_000}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {extend.isError ? <ProblemNotice error={extend.error} /> : null}
      <div className={classes.buttons}>
        <Button
          type="submit"
          size="xs"
          disabled={!ready}
          loading={extend.isPending}
          rightSection={<KeyboardHint keys="mod+Enter" />}
        >
          {t("send")}
        </Button>
        <Button size="xs" variant="default" onClick={onClose}>
          {tUi("cancel")}
        </Button>
      </div>
      <p className={classes.recorded}>{t("keeps")}</p>
    </form>
  );
}
