import { createFileRoute } from "@tanstack/react-router";
import { SignInFailedPage } from "../../features/session/SignInFailedPage.tsx";
import { present, textParam } from "../../lib/search-params.ts";

export const Route = createFileRoute("/sign-in-failed")({
  validateSearch: (search) =>
    present({ code: textParam(search["code"]), requestId: textParam(search["requestId"]) }),
  component: function SignInFailed() {
    const { code, requestId } = Route.useSearch();
    return <SignInFailedPage code={code} requestId={requestId} />;
  },
});
