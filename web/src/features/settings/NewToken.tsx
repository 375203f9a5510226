import { Button } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import type { NewTokenView } from "../../lib/api.ts";
import { Callout } from "../../ui/Callout.tsx";
import { CopyField } from "../../ui/CopyField.tsx";
import classes from "./NewToken.module.css";

/** The one showing of a token. */
export function NewToken({ token, onStored }: { token: NewTokenView; onStored: () => void }) {
  const t = useTranslations("settings.tokens");
  return (
    <div className={classes.token} role="alert">
      <Callout tone="green" icon={IconKey} title={t("createdTitle", { name: token.name })}>
        <div className={classes.body}>
          <p>{t("createdText")}</p>
          <CopyField label={t("secret")} value={token.secret} multiline />
          <CopyField
            label={t("use")}
            value={`Authorization: Bearer ${token.secret}`}
            shown="Authorization: Bearer dpt_…"
          />
          <div>
            <Button size="xs" variant="default" onClick={onStored}>
              {t("stored")}
            </Button>
          </div>
        </div>
      </Callout>
    </div>
  );
}
