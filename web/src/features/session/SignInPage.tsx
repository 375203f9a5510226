import { Button } from "@mantine/core";
import { IconLogin2 } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslations } from "use-intl";
import { urlWith } from "../../lib/http.ts";
import { Logo } from "../../ui/Logo.tsx";
import classes from "./SignInPage.module.css";

export function SignInPage({ returnTo }: { returnTo: string | undefined }) {
  const t = useTranslations("session");
  useEffect(() => {
    document.title = `${t("title")} · Daypass`;
  }, [t]);
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <Logo size={40} />
        <h1 className={classes.title}>Daypass</h1>
        <p className={classes.claim}>{t("claim")}</p>
        <Button
          component="a"
          href={urlWith("/api/sign-in", { return: returnTo ?? "/" })}
          size="md"
          fullWidth
          leftSection={<IconLogin2 size={18} aria-hidden />}
        >
          {t("signIn")}
        </Button>
        <p className={classes.note}>{returnTo === undefined ? t("through") : t("returning")}</p>
      </div>
    </main>
  );
}
