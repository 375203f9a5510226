import { IconShieldLock } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import type { DatabaseRef } from "../lib/api.ts";
import { Badge } from "./Badge.tsx";

/** Where a database lives. A protected environment is marked wherever it appears. */
export function EnvironmentBadge({ environment }: { environment: DatabaseRef["environment"] }) {
  const t = useTranslations("words");
  return environment.protected ? (
    <Badge tone="guarded" icon={IconShieldLock} label={environment.name} title={t("protected")} />
  ) : (
    <Badge tone="plain" label={environment.name} />
  );
}
