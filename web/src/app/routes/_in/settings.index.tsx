import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute, Navigate } from "@tanstack/react-router";
import { sectionsFor } from "../../../features/settings/sections.ts";
import { meQuery } from "../../../lib/queries.ts";
import { rightsOf } from "../../../lib/roles.ts";

export const Route = createFileRoute("/_in/settings/")({
  component: function Settings() {
    const { data: me } = useSuspenseQuery(meQuery);
    const [first = "tokens"] = sectionsFor(rightsOf(me).seesAll);
    return <Navigate to="/settings/$section" params={{ section: first }} replace />;
  },
});
