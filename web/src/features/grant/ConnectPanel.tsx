import { ActionIcon, Button, SegmentedControl } from "@mantine/core";
import { IconEye, IconEyeOff, IconHistory } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { api, type CredentialView, type GrantView } from "../../lib/api.ts";
import { hideSecret } from "../../lib/hide-secret.ts";
import { CopyField } from "../../ui/CopyField.tsx";
import { Moment } from "../../ui/Moment.tsx";
import { ProblemNotice } from "../../ui/ProblemNotice.tsx";
import { ConnectionTest } from "./ConnectionTest.tsx";
import classes from "./panel.module.css";

const formats = ["psql", "uri", "jdbc", "environment"] as const;

/** Hands the credential over when asked to, and says that it was recorded. It lives in this panel only. */
export function ConnectPanel({ grant, onClose }: { grant: GrantView; onClose: () => void }) {
  const t = useTranslations("grant.credential");
  const queryClient = useQueryClient();
  const show = useMutation({
    mutationFn: () => api.showCredential(grant.id),
    gcTime: 0,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["requests", "one", grant.requestId] }),
  });
  return (
    <section className={classes.panel} aria-label={t("title", { database: grant.database.name })}>
      {show.data === undefined ? (
        <>
          <p className={classes.text}>{t("hidden")}</p>
          {show.isError ? <ProblemNotice error={show.error} /> : null}
          <div className={classes.buttons}>
            <Button
              size="xs"
              loading={show.isPending}
              onClick={() => show.mutate()}
              leftSection={<IconEye size={15} aria-hidden />}
            >
              {t("show")}
            </Button>
          </div>
        </>
      ) : (
        <Credential credential={show.data} onHide={onClose} />
      )}
      <ConnectionTest grant={grant} />
    </section>
  );
}

function Credential({ credential, onHide }: { credential: CredentialView; onHide: () => void }) {
  const t = useTranslations("grant.credential");
  const [format, setFormat] = useState<(typeof formats)[number]>("psql");
  const [revealed, setRevealed] = useState(false);
  const safe = (line: string) => (revealed ? line : hideSecret(line, credential.password));
  const line = credential[format];
  return (
    <>
      <div className={classes.head}>
        <SegmentedControl
          size="xs"
          aria-label={t("format")}
          value={format}
          onChange={(value) => setFormat(formats.find((each) => each === value) ?? "psql")}
          data={formats.map((value) => ({
            value,
            label: t(value === "psql" && credential.engine === "mysql" ? "mysql" : value),
          }))}
        />
        <Button size="compact-sm" variant="subtle" color="gray" onClick={onHide}>
          {t("hide")}
        </Button>
      </div>
      <CopyField label={t(`${format}Help`)} value={line} shown={safe(line).trim()} multiline />
      <div className={classes.fields}>
        <CopyField label={t("host")} value={credential.host} />
        <CopyField label={t("port")} value={String(credential.port)} />
        <CopyField label={t("username")} value={credential.username} />
        <CopyField label={t("database")} value={credential.database} />
        <div className={`${classes.passwordRow} ${classes.wide}`}>
          <CopyField label={t("password")} value={credential.password} shown={safe(credential.password)} />
          <ActionIcon
            title={revealed ? t("conceal") : t("reveal")}
            size={34}
            variant="default"
            aria-label={revealed ? t("conceal") : t("reveal")}
            aria-pressed={revealed}
            onClick={() => setRevealed(!revealed)}
          >
            {revealed ? <IconEyeOff size={16} aria-hidden /> : <IconEye size={16} aria-hidden />}
          </ActionIcon>
        </div>
      </div>
      <p className={classes.recorded}>
        <IconHistory size={15} aria-hidden />
        <span>{t.rich("shown", { moment: () => <Moment at={credential.endsAt} show="both" /> })}</span>
      </p>
    </>
  );
}
