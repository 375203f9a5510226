import { IconCircleCheck, IconHandStop } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { Badge } from "../../ui/Badge.tsx";

export function EffectBadge({ effect }: { effect: "allow" | "deny" }) {
  const t = useTranslations("policies.effect");
  return effect === "allow" ? (
    <Badge tone="plain" icon={IconCircleCheck} label={t("allow")} />
  ) : (
    <Badge tone="red" icon={IconHandStop} label={t("deny")} />
  );
}
