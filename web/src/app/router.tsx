import { createRouter } from "@tanstack/react-router";
import { createQueryClient } from "./query-client.ts";
import { routeTree } from "./routes.gen.ts";
import { CrashedPage } from "./shell/CrashedPage.tsx";
import { MissingPage } from "./shell/MissingPage.tsx";
import { PendingPage } from "./shell/PendingPage.tsx";

export const queryClient = createQueryClient(goToSignIn);

export const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 200,
  defaultPendingMinMs: 0,
  defaultPendingComponent: PendingPage,
  defaultErrorComponent: CrashedPage,
  defaultNotFoundComponent: MissingPage,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

/** The session has ended under an open page: sign in again and come back to the same address. */
function goToSignIn(): void {
  const { pathname, href } = router.state.location;
  if (pathname.startsWith("/sign-in")) return;
  queryClient.removeQueries({ queryKey: ["me"] });
  void router.navigate({ to: "/sign-in", search: href === "/" ? {} : { return: href } });
}
