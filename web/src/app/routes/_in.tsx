import { createFileRoute, redirect } from "@tanstack/react-router";
import { isProblem } from "../../lib/problem.ts";
import { meQuery } from "../../lib/queries.ts";
import { Shell } from "../shell/Shell.tsx";

/** Every page for signed-in people lies under this one. */
export const Route = createFileRoute("/_in")({
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(meQuery);
    } catch (error) {
      if (isProblem(error) && error.status === 401) {
        redirect({
          to: "/sign-in",
          search: location.href === "/" ? {} : { return: location.href },
          throw: true,
        });
      }
      throw error;
    }
  },
  component: Shell,
});
