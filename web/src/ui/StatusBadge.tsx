import {
  type Icon,
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClock,
  IconHourglassLow,
  IconLockOff,
  IconProgress,
  IconRotateClockwise,
} from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import type { RequestView } from "../lib/api.ts";
import { serverNowMs } from "../lib/clock.ts";
import { useTicking } from "../lib/use-ticking.ts";
import { Badge, type Tone } from "./Badge.tsx";
import { type GrantStatus, grantStatus } from "./grant-status.ts";

const ofRequest: Record<RequestView["status"], { tone: Tone; icon: Icon }> = {
  pending: { tone: "amber", icon: IconClock },
  approved: { tone: "green", icon: IconCircleCheck },
  rejected: { tone: "red", icon: IconCircleX },
  cancelled: { tone: "grey", icon: IconBan },
  lapsed: { tone: "grey", icon: IconHourglassLow },
};

const ofGrant: Record<GrantStatus, { tone: Tone; icon: Icon }> = {
  planned: { tone: "blue", icon: IconCircleDashed },
  provisioning: { tone: "blue", icon: IconProgress },
  active: { tone: "green", icon: IconCircleCheck },
  ending: { tone: "orange", icon: IconHourglassLow },
  revoking: { tone: "blue", icon: IconRotateClockwise },
  quarantined: { tone: "red", icon: IconLockOff },
  revoked: { tone: "grey", icon: IconBan },
  "written-off": { tone: "red", icon: IconAlertTriangle },
  failed: { tone: "red", icon: IconAlertTriangle },
  stuck: { tone: "red", icon: IconAlertTriangle },
};

export function RequestStatusBadge({ status }: { status: RequestView["status"] }) {
  const t = useTranslations("words.requestStatus");
  return <Badge {...ofRequest[status]} label={t(status)} />;
}

export function GrantStatusBadge({ grant }: { grant: Parameters<typeof grantStatus>[0] }) {
  const t = useTranslations("words.grantState");
  const status = useTicking(() => grantStatus(grant, serverNowMs()));
  return <Badge {...ofGrant[status]} label={t(status)} />;
}
