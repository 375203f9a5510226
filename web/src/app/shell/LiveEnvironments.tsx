import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import type { DatabaseRef } from "../../lib/api.ts";
import { myGrantsQuery } from "../../lib/queries.ts";
import { EnvironmentBadge } from "../../ui/EnvironmentBadge.tsx";
import classes from "./LiveEnvironments.module.css";

type Live = { environment: DatabaseRef["environment"]; count: number };

/** The environments that the reader holds access to right now, on every page: nobody forgets production. */
export function LiveEnvironments() {
  const t = useTranslations("shell");
  const { data } = useQuery(myGrantsQuery);
  const live = new Map<string, Live>();
  for (const grant of data?.items ?? []) {
    if (grant.state !== "active") continue;
    const { environment } = grant.database;
    live.set(environment.id, { environment, count: (live.get(environment.id)?.count ?? 0) + 1 });
  }
  return (
    <span className={classes.list}>
      {protectedFirst([...live.values()]).map(({ environment, count }) => (
        <Link
          key={environment.id}
          to="/"
          aria-label={t("liveAccess", { count, environment: environment.name })}
          title={t("liveAccess", { count, environment: environment.name })}
          className={classes.link}
        >
          <EnvironmentBadge environment={environment} />
        </Link>
      ))}
    </span>
  );
}

function protectedFirst(live: Live[]): Live[] {
  return live.toSorted(
    (one, other) => Number(other.environment.protected) - Number(one.environment.protected),
  );
}
