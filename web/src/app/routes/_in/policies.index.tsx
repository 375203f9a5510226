import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute, Navigate, redirect } from "@tanstack/react-router";
import { PoliciesPage } from "../../../features/policies/PoliciesPage.tsx";
import { meQuery } from "../../../lib/queries.ts";
import { rightsOf } from "../../../lib/roles.ts";
import { choiceParam, countParam, present, textParam } from "../../../lib/search-params.ts";

export const Route = createFileRoute("/_in/policies/")({
  validateSearch: (search) =>
    present({
      q: textParam(search["q"]),
      policy: textParam(search["policy"]),
      database: textParam(search["database"]),
      level: choiceParam(search["level"], ["read", "write", "ddl"]),
      duration: countParam(search["duration"]),
    }),
  // Links of other pages name a policy, or ask why not; each has a page of its own.
  beforeLoad: ({ search: { policy, database, level, duration } }) => {
    if (policy !== undefined)
      redirect({ to: "/policies/$policyId", params: { policyId: policy }, replace: true, throw: true });
    if (database !== undefined)
      redirect({
        to: "/policies/simulator",
        search: present({ database, level, duration }),
        replace: true,
        throw: true,
      });
  },
  component: function Policies() {
    const { q } = Route.useSearch();
    const navigate = Route.useNavigate();
    const { data: me } = useSuspenseQuery(meQuery);
    // What members have of the policies is the simulator.
    if (!rightsOf(me).seesAll) return <Navigate to="/policies/simulator" replace />;
    return (
      <PoliciesPage
        q={q ?? ""}
        onSearch={(text) => void navigate({ search: present({ q: textParam(text) }), replace: true })}
      />
    );
  },
});
