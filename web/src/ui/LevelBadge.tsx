import { useTranslations } from "use-intl";
import type { Level } from "../lib/api.ts";
import { Badge } from "./Badge.tsx";

export function LevelBadge({ level }: { level: Level }) {
  const t = useTranslations("words");
  return <Badge tone="plain" mono label={level} title={t(`levelSentence.${level}`)} />;
}
