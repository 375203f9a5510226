import { createFileRoute } from "@tanstack/react-router";
import { EventPage } from "../../../features/audit/EventPage.tsx";

export const Route = createFileRoute("/_in/audit/$eventId")({
  component: function Event() {
    const { eventId } = Route.useParams();
    return <EventPage key={eventId} eventId={eventId} />;
  },
});
