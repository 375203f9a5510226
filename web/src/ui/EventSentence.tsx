import { useTranslations } from "use-intl";
import type { EventView } from "../lib/api.ts";
import { ordererOf, sentenceKey, tellsFailure } from "./event-sentence.ts";

/** One event as a sentence about its actor. Unknown operations are told by their name. */
export function EventSentence({ event }: { event: EventView }) {
  const t = useTranslations("story");
  const actor = event.actor.kind === "user" ? event.actor.name : t("system");
  const who = () => <strong>{actor}</strong>;
  const key = sentenceKey(event);
  if (event.outcome === "denied" || (event.outcome === "failed" && !tellsFailure(event))) {
    const values = { who, operation: event.operation };
    return <span>{event.outcome === "denied" ? t.rich("denied", values) : t.rich("failed", values)}</span>;
  }
  if (!t.has(key)) {
    return (
      <span>
        <strong>{actor}</strong> <code>{event.operation}</code>
      </span>
    );
  }
  const orderer = ordererOf(event);
  if (orderer !== undefined) return <span>{t.rich("endedAsOrdered", { who, orderer })}</span>;
  return <span>{t.rich(key, { who })}</span>;
}
