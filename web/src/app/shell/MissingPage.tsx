import { Button } from "@mantine/core";
import { IconMapPinOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Page } from "../../ui/Page.tsx";

export function MissingPage() {
  const t = useTranslations("problems");
  return (
    <Page title={t("missingTitle")}>
      <EmptyState
        icon={IconMapPinOff}
        title={t("notFound")}
        action={
          <Button component={Link} to="/" variant="default">
            {t("home")}
          </Button>
        }
      />
    </Page>
  );
}
