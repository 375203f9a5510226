import {
  type Icon,
  IconAlertTriangle,
  IconBan,
  IconCheck,
  IconCircleCheck,
  IconClockPlus,
  IconDatabase,
  IconEye,
  IconHourglassLow,
  IconLogout2,
  IconMessage,
  IconPlus,
  IconRefresh,
  IconRotateClockwise,
  IconShieldCheck,
  IconX,
} from "@tabler/icons-react";
import type { EventView } from "../../lib/api.ts";

export type Look = { icon: Icon; tone: "plain" | "good" | "bad" | "warning" | "moving" };

const looks: Record<string, Look> = {
  "request.create": { icon: IconPlus, tone: "plain" },
  "request.comment": { icon: IconMessage, tone: "plain" },
  "request.cancel": { icon: IconBan, tone: "plain" },
  "request.lapse": { icon: IconHourglassLow, tone: "plain" },
  "grant.start": { icon: IconDatabase, tone: "moving" },
  "grant.activate": { icon: IconCircleCheck, tone: "good" },
  "grant.arm": { icon: IconClockPlus, tone: "plain" },
  "grant.show-credential": { icon: IconEye, tone: "plain" },
  "grant.extend": { icon: IconClockPlus, tone: "plain" },
  "grant.undo-extension": { icon: IconAlertTriangle, tone: "warning" },
  "grant.end": { icon: IconLogout2, tone: "plain" },
  "grant.begin-revocation": { icon: IconRotateClockwise, tone: "moving" },
  "grant.record-failure": { icon: IconAlertTriangle, tone: "bad" },
  "grant.quarantine": { icon: IconAlertTriangle, tone: "bad" },
  "grant.retry": { icon: IconRefresh, tone: "plain" },
  "grant.finish": { icon: IconShieldCheck, tone: "good" },
  "grant.alarm": { icon: IconAlertTriangle, tone: "bad" },
  "grant.delete-secret": { icon: IconShieldCheck, tone: "plain" },
  "grant.write-off": { icon: IconAlertTriangle, tone: "bad" },
};

/** How an event of a story is marked. */
export function eventLook(event: EventView): Look {
  if (event.outcome !== "done") return { icon: IconAlertTriangle, tone: "bad" };
  if (event.operation === "request.review") {
    return event.data["decision"] === "reject"
      ? { icon: IconX, tone: "bad" }
      : { icon: IconCheck, tone: "good" };
  }
  return looks[event.operation] ?? { icon: IconMessage, tone: "plain" };
}
