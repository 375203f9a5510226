import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslations } from "use-intl";
import { CopyButton } from "../../ui/CopyButton.tsx";
import classes from "./SignInPage.module.css";

type Props = { code: string | undefined; requestId: string | undefined };

export function SignInFailedPage({ code, requestId }: Props) {
  const t = useTranslations("session");
  const tProblem = useTranslations("problems");
  useEffect(() => {
    document.title = `${t("failedTitle")} · Daypass`;
  }, [t]);
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <IconAlertTriangle size={36} stroke={1.6} aria-hidden className={classes.bad} />
        <h1 className={classes.title}>{t("failedTitle")}</h1>
        <p className={classes.claim}>{t(`failed.${reasonOf(code)}`)}</p>
        <Button component="a" href="/api/sign-in?return=%2F" size="md" fullWidth>
          {t("again")}
        </Button>
        {requestId === undefined ? null : (
          <p className={classes.note}>
            {tProblem("requestId")} <code>{requestId}</code>
            <CopyButton text={requestId} what={tProblem("requestId")} />
          </p>
        )}
      </div>
    </main>
  );
}

/** The families of codes that deserve a sentence of their own. */
function reasonOf(code: string | undefined): "suspended" | "groupsUnknown" | "expired" | "refused" | "other" {
  if (code === "sign-in.groups-unknown") return "groupsUnknown";
  if (code?.includes("suspended")) return "suspended";
  if (code?.includes("expired") || code?.includes("state")) return "expired";
  if (code?.includes("denied") || code?.includes("refused")) return "refused";
  return "other";
}
