import { useTranslations } from "use-intl";
import { Page } from "../../ui/Page.tsx";
import { RowsSkeleton } from "../../ui/Skeletons.tsx";

export function EventPage() {
  const t = useTranslations("audit");
  return (
    <Page title={t("title")}>
      <RowsSkeleton rows={4} />
    </Page>
  );
}
