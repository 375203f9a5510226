import { createFileRoute } from "@tanstack/react-router";
import { SignInPage } from "../../features/session/SignInPage.tsx";
import { present, textParam } from "../../lib/search-params.ts";

export const Route = createFileRoute("/sign-in")({
  validateSearch: (search) => present({ return: localPath(textParam(search["return"])) }),
  component: function SignIn() {
    return <SignInPage returnTo={Route.useSearch().return} />;
  },
});

/** Only a path of this very page: another site's address must not be reachable through a sign-in link. */
function localPath(path: string | undefined): string | undefined {
  return path !== undefined && /^\/(?![/\\])/.test(path) ? path : undefined;
}
