import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { EventView } from "../../lib/api.ts";
import { useMe } from "../../lib/roles.ts";
import { EventSentence } from "../../ui/EventSentence.tsx";
import { NotAllowed } from "../../ui/NotAllowed.tsx";
import { NothingHere } from "../../ui/NothingHere.tsx";
import { Page, Panel, Section } from "../../ui/Page.tsx";
import { QueryView } from "../../ui/QueryView.tsx";
import { RowsSkeleton, TextSkeleton } from "../../ui/Skeletons.tsx";
import { eventQuery, eventsQuery, storySubject } from "./audit-queries.ts";
import { EventDetail } from "./EventDetail.tsx";
import { EventTable } from "./EventTable.tsx";

/** The permalink of one event, with the story that it belongs to. */
export function EventPage({ eventId }: { eventId: string }) {
  const t = useTranslations("audit");
  const { seesAll } = useMe();
  const query = useQuery({ ...eventQuery(eventId), enabled: seesAll });
  return (
    <Page
      title={t("event.title")}
      width="wide"
      description={
        <p>
          <Link to="/audit">{t("event.back")}</Link>
          {query.data ? (
            <>
              {" / "}
              <EventSentence event={query.data} />
            </>
          ) : null}
        </p>
      }
    >
      {seesAll ? (
        <QueryView query={query} skeleton={<TextSkeleton lines={8} />}>
          {(event) => (event === null ? <NothingHere /> : <Event event={event} />)}
        </QueryView>
      ) : (
        <NotAllowed what={t("notAllowed.what")} who={t("notAllowed.who")} />
      )}
    </Page>
  );
}

function Event({ event }: { event: EventView }) {
  const t = useTranslations("audit.event");
  const [open, setOpen] = useState<string>();
  const story = useInfiniteQuery(eventsQuery({ subject: storySubject(event.story) }));
  const events = story.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <Section title={t("id")}>
        <Panel>
          <EventDetail event={event} withLinks={false} />
        </Panel>
      </Section>
      <Section title={t("storyTitle")}>
        {events === undefined ? (
          <RowsSkeleton rows={4} height={38} />
        ) : (
          <EventTable events={events} open={open} onOpen={setOpen} />
        )}
      </Section>
    </>
  );
}
