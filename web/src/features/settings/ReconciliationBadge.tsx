import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconPlugConnectedX,
  IconProgress,
} from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import type { ReconciliationView } from "../../lib/api.ts";
import { Badge } from "../../ui/Badge.tsx";

/** How the last comparison came out. */
export function ReconciliationBadge({ reconciliation }: { reconciliation: ReconciliationView }) {
  const t = useTranslations("settings.reconciliation.status");
  const { status, differenceCount } = reconciliation;
  switch (status) {
    case "never":
      return <Badge tone="grey" icon={IconCircleDashed} label={t("never")} />;
    case "running":
      return <Badge tone="blue" icon={IconProgress} label={t("running")} />;
    case "failed":
      return <Badge tone="red" icon={IconPlugConnectedX} label={t("failed")} />;
    case "done":
      return differenceCount === 0 ? (
        <Badge tone="green" icon={IconCircleCheck} label={t("same")} />
      ) : (
        <Badge tone="red" icon={IconAlertTriangle} label={t("differs", { count: differenceCount })} />
      );
  }
}
