import { useTranslations } from "use-intl";
import { Page } from "../../ui/Page.tsx";
import { RowsSkeleton } from "../../ui/Skeletons.tsx";

export function SettingsPage() {
  const t = useTranslations("settings");
  return (
    <Page title={t("title")}>
      <RowsSkeleton rows={4} />
    </Page>
  );
}
