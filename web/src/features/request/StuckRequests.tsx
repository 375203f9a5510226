import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { api } from "../../lib/api.ts";
import { polled } from "../../lib/poll.ts";
import { Callout } from "../../ui/Callout.tsx";

/** For administrators: what waits for nobody, and would lapse in silence. */
export function StuckRequests() {
  const t = useTranslations("inbox");
  const pending = useQuery({
    queryKey: ["requests", "list", "all", "pending"],
    queryFn: ({ signal }) => api.listRequests({ view: "all", status: "pending", limit: 100 }, signal),
    ...polled(30_000),
  });
  const stuck = pending.data?.items.filter((request) => request.stuck !== null) ?? [];
  if (stuck.length === 0) return null;
  return (
    <Callout tone="amber" title={t("stuckTitle")}>
      <ul>
        {stuck.map((request) => (
          <li key={request.id}>
            <Link to="/requests/$requestId" params={{ requestId: request.id }}>
              {t("stuckLine", {
                who: request.requester.name,
                level: request.level,
                database: request.database.name,
              })}
            </Link>
            {": "}
            {request.stuck?.message}
          </li>
        ))}
      </ul>
    </Callout>
  );
}
