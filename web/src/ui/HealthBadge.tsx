import {
  type Icon,
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconPlugConnectedX,
} from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import type { DatabaseView } from "../lib/api.ts";
import { Badge, type Tone } from "./Badge.tsx";

const looks: Record<DatabaseView["health"], { tone: Tone; icon: Icon }> = {
  ok: { tone: "green", icon: IconCircleCheck },
  attention: { tone: "amber", icon: IconAlertTriangle },
  unreachable: { tone: "red", icon: IconPlugConnectedX },
  unknown: { tone: "grey", icon: IconCircleDashed },
};

/** What the last connection test found. */
export function HealthBadge({ health }: { health: DatabaseView["health"] }) {
  const t = useTranslations("words.health");
  return <Badge {...looks[health]} label={t(health)} />;
}
