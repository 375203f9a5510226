import { type Icon, IconAlertTriangle, IconBan, IconCheck } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import type { EventView } from "../lib/api.ts";
import { Badge, type Tone } from "./Badge.tsx";

const looks: Record<EventView["outcome"], { tone: Tone; icon: Icon }> = {
  done: { tone: "plain", icon: IconCheck },
  denied: { tone: "orange", icon: IconBan },
  failed: { tone: "red", icon: IconAlertTriangle },
};

export function OutcomeBadge({ outcome }: { outcome: EventView["outcome"] }) {
  const t = useTranslations("words.outcome");
  return <Badge {...looks[outcome]} label={t(outcome)} />;
}
