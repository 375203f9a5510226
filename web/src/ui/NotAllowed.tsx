import { IconLock } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { EmptyState } from "./EmptyState.tsx";
import { LinkButton } from "./LinkButton.tsx";

/** Somebody followed an address that their role does not open: what it is, who may, and where to go instead. */
export function NotAllowed({ what, who }: { what: string; who: string }) {
  const t = useTranslations("ui.notAllowed");
  return (
    <EmptyState
      icon={IconLock}
      title={t("title", { what })}
      action={
        <LinkButton to="/" variant="default">
          {t("home")}
        </LinkButton>
      }
    >
      {t("text", { who })}
    </EmptyState>
  );
}
