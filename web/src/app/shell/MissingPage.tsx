import { IconMapPinOff } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { LinkButton } from "../../ui/LinkButton.tsx";
import { Page } from "../../ui/Page.tsx";

export function MissingPage() {
  const t = useTranslations("problems");
  return (
    <Page title={t("missingTitle")}>
      <EmptyState
        icon={IconMapPinOff}
        title={t("notFound")}
        action={
          <LinkButton to="/" variant="default">
            {t("home")}
          </LinkButton>
        }
      />
    </Page>
  );
}
