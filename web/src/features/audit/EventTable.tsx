import { UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { Fragment } from "react";
import { useTranslations } from "use-intl";
import type { EventView } from "../../lib/api.ts";
import { EventSentence } from "../../ui/EventSentence.tsx";
import { OutcomeBadge } from "../../ui/OutcomeBadge.tsx";
import { EventDetail } from "./EventDetail.tsx";
import { EventMoment } from "./EventMoment.tsx";
import classes from "./EventTable.module.css";

type Props = {
  events: EventView[];
  open: string | undefined;
  onOpen: (eventId: string | undefined) => void;
};

/** Dense rows; one of them opened shows the whole event under it. */
export function EventTable({ events, open, onOpen }: Props) {
  const t = useTranslations("audit");
  return (
    <div className={classes.frame}>
      <table className={classes.table} aria-label={t("table")}>
        <thead>
          <tr>
            <th scope="col">{t("column.time")}</th>
            <th scope="col">{t("column.what")}</th>
            <th scope="col">{t("column.operation")}</th>
            <th scope="col">{t("column.database")}</th>
            <th scope="col">{t("column.outcome")}</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <Fragment key={event.id}>
              <EventRow
                event={event}
                isOpen={event.id === open}
                onToggle={() => onOpen(event.id === open ? undefined : event.id)}
              />
              {event.id === open ? (
                <tr className={classes.detail}>
                  <td colSpan={5}>
                    <EventDetail event={event} />
                  </td>
                </tr>
              ) : null}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function EventRow({ event, isOpen, onToggle }: { event: EventView; isOpen: boolean; onToggle: () => void }) {
  const t = useTranslations("audit");
  return (
    <tr className={classes.row} data-open={isOpen || undefined}>
      <td className={classes.time}>
        <UnstyledButton
          className={classes.toggle}
          aria-expanded={isOpen}
          aria-label={t("open")}
          onClick={onToggle}
        >
          <IconChevronRight size={14} aria-hidden />
        </UnstyledButton>
        <EventMoment at={event.at} />
      </td>
      <td className={classes.what}>
        <EventSentence event={event} />
      </td>
      <td className={classes.operation}>
        <code>{event.operation}</code>
      </td>
      <td className={classes.database}>
        {event.database ? (
          <>
            {event.database.name} <span>{event.database.environment}</span>
          </>
        ) : null}
      </td>
      <td className={classes.outcome} data-outcome={event.outcome}>
        <OutcomeBadge outcome={event.outcome} />
      </td>
    </tr>
  );
}
