import { useTranslations } from "use-intl";
import type { EventView, RequestDetailView } from "../../lib/api.ts";
import { useDurationText } from "../../ui/Duration.tsx";
import { EventSentence } from "../../ui/EventSentence.tsx";
import { ordererOf } from "../../ui/event-sentence.ts";
import { LinkedText } from "../../ui/LinkedText.tsx";
import { Moment } from "../../ui/Moment.tsx";
import { useStepText } from "../../ui/step-text.ts";
import { eventLook } from "./event-look.ts";
import classes from "./Timeline.module.css";

/** The story in order, from asked to revoked, and at its end what is being waited for. */
export function Timeline({ request }: { request: RequestDetailView }) {
  return (
    <ol className={classes.timeline}>
      {request.timeline.map((event) => (
        <TimelineEvent key={event.id} event={event} />
      ))}
      <Now request={request} />
    </ol>
  );
}

function TimelineEvent({ event }: { event: EventView }) {
  const t = useTranslations("story.detail");
  const { icon: EventIcon, tone } = eventLook(event);
  const words = event.data["comment"] ?? event.data["reason"];
  const said = typeof words === "string" && (event.actor.kind === "user" || ordererOf(event)) ? words : null;
  return (
    <li className={classes.event}>
      <span className={classes.mark} data-tone={tone}>
        <EventIcon size={14} stroke={2} aria-hidden />
      </span>
      <div className={classes.body}>
        <div className={classes.line}>
          <span>
            <EventSentence event={event} /> <Aside event={event} />
          </span>
          <span className={classes.when}>
            <Moment at={event.at} show="both" />
          </span>
        </div>
        {said === null ? null : (
          <p className={classes.said}>
            <LinkedText text={said} />
          </p>
        )}
        {Array.isArray(event.data["keptObjects"]) && event.data["keptObjects"].length > 0 ? (
          <p className={classes.message}>
            {t("keptObjects", { objects: event.data["keptObjects"].join(", ") })}
          </p>
        ) : null}
        {event.actor.kind !== "user" && typeof event.data["message"] === "string" ? (
          <p className={classes.message}>{event.data["message"]}</p>
        ) : null}
      </div>
    </li>
  );
}

/** The one figure that matters beside the sentence. */
function Aside({ event }: { event: EventView }) {
  const t = useTranslations("story.detail");
  const tell = useDurationText();
  const { durationMinutes, endsAt, attempts } = event.data;
  const asks =
    event.operation === "request.create" ||
    event.operation === "grant.extend" ||
    event.data["decision"] === "approve";
  if (asks && typeof durationMinutes === "number") {
    return (
      <span className={classes.aside}>{t("duration", { duration: tell(durationMinutes * 60_000) })}</span>
    );
  }
  if (
    (event.operation === "grant.activate" || event.operation === "grant.arm") &&
    typeof endsAt === "string"
  ) {
    return (
      <span className={classes.aside}>
        {t.rich("until", { moment: () => <Moment at={endsAt} show="absolute" /> })}
      </span>
    );
  }
  if (event.operation === "grant.record-failure" && typeof attempts === "number") {
    return <span className={classes.aside}>{t("attempts", { count: attempts })}</span>;
  }
  const { sessionsEnded } = event.data;
  if (event.operation === "grant.finish" && typeof sessionsEnded === "number" && sessionsEnded > 0) {
    return <span className={classes.aside}>{t("sessionsEnded", { count: sessionsEnded })}</span>;
  }
  return null;
}

/** The present, where the story is not over. */
function Now({ request }: { request: RequestDetailView }) {
  const t = useTranslations("request.page.now");
  const tellStep = useStepText();
  const current = request.steps.find((step) => step.status === "current");
  const state = request.grant?.state;
  const text =
    request.status === "pending"
      ? t("pending", { who: current ? tellStep(current) : "…" })
      : state === undefined || state === "revoked" || request.status !== "approved"
        ? null
        : t(state);
  if (text === null) return null;
  return (
    <li className={classes.event}>
      <span className={classes.mark} data-tone="now" />
      <div className={classes.body}>
        <div className={classes.now}>{text}</div>
      </div>
    </li>
  );
}
