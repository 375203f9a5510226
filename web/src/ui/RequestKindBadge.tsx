import { IconAlertTriangle, IconClockPlus } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import type { RequestView } from "../lib/api.ts";
import { Badge } from "./Badge.tsx";

/** What kind of request it is, where it is not a plain one. */
export function RequestKindBadge({ kind }: { kind: RequestView["kind"] }) {
  const t = useTranslations("words.kind");
  if (kind === "access") return null;
  return kind === "extension" ? (
    <Badge tone="plain" icon={IconClockPlus} label={t(kind)} />
  ) : (
    <Badge tone="red" icon={IconAlertTriangle} label={t(kind)} />
  );
}
