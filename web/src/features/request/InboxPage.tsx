import { useTranslations } from "use-intl";
import { Page } from "../../ui/Page.tsx";
import { RowsSkeleton } from "../../ui/Skeletons.tsx";

export function InboxPage() {
  const t = useTranslations("request");
  return (
    <Page title={t("title")}>
      <RowsSkeleton rows={4} />
    </Page>
  );
}
