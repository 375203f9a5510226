import { IconMapPinOff } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { EmptyState } from "./EmptyState.tsx";
import { LinkButton } from "./LinkButton.tsx";

/** A page or a thing that does not exist, or that the reader may not know to exist. */
export function NothingHere({ message }: { message?: string }) {
  const t = useTranslations("problems");
  return (
    <EmptyState
      icon={IconMapPinOff}
      title={message || t("notFound")}
      action={
        <LinkButton to="/" variant="default">
          {t("home")}
        </LinkButton>
      }
    />
  );
}
