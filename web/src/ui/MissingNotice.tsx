import { IconMapPinOff } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { EmptyState } from "./EmptyState.tsx";

/** What the address names is not there, or not for the reader. */
export function MissingNotice() {
  const t = useTranslations("problems");
  return <EmptyState icon={IconMapPinOff} title={t("notFound")} />;
}
