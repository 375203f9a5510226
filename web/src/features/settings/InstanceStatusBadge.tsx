import {
  type Icon,
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconPlugConnectedX,
  IconProgress,
} from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import type { InstanceView } from "../../lib/api.ts";
import { Badge, type Tone } from "../../ui/Badge.tsx";
import { type InstanceStatus, instanceStatus } from "./instance-status.ts";

const looks: Record<InstanceStatus, { tone: Tone; icon: Icon }> = {
  never: { tone: "grey", icon: IconCircleDashed },
  running: { tone: "blue", icon: IconProgress },
  failed: { tone: "red", icon: IconPlugConnectedX },
  done: { tone: "green", icon: IconCircleCheck },
  attention: { tone: "amber", icon: IconAlertTriangle },
};

export function InstanceStatusBadge({ inspection }: Pick<InstanceView, "inspection">) {
  const t = useTranslations("settings.instances.status");
  const status = instanceStatus(inspection);
  return <Badge {...looks[status]} label={t(status)} />;
}
