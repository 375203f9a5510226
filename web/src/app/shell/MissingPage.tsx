import { useTranslations } from "use-intl";
import { NothingHere } from "../../ui/NothingHere.tsx";
import { Page } from "../../ui/Page.tsx";

/** An address that leads nowhere. */
export function MissingPage() {
  const t = useTranslations("problems");
  return (
    <Page title={t("missingTitle")}>
      <NothingHere />
    </Page>
  );
}
