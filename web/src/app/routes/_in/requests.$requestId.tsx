import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { RequestPage } from "../../../features/request/RequestPage.tsx";
import { meQuery, requestQuery } from "../../../lib/queries.ts";

export const Route = createFileRoute("/_in/requests/$requestId")({
  loader: ({ context, params }) => {
    void context.queryClient.prefetchQuery(requestQuery(params.requestId));
  },
  component: function Request() {
    const { requestId } = Route.useParams();
    const { data: me } = useSuspenseQuery(meQuery);
    return <RequestPage key={requestId} requestId={requestId} me={me} />;
  },
});
