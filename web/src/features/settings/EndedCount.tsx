import { IconProgress, IconShieldCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { Callout } from "../../ui/Callout.tsx";
import { DatabaseName } from "../../ui/DatabaseName.tsx";
import { GrantStatusBadge } from "../../ui/StatusBadge.tsx";
import classes from "./EndedCount.module.css";
import { subjectGrantsQuery } from "./settings-queries.ts";
import type { Subject } from "./subject-grants.ts";

const shownAtMost = 8;

/** After the kill switch: how much of it is revoked, live, until all of it was seen absent. */
export function EndedCount({ subject, ended, toEnd }: { subject: Subject; ended: number; toEnd: number }) {
  const t = useTranslations("settings.endAccess");
  const { data } = useQuery(subjectGrantsQuery(subject, "live"));
  // Whatever is listed now is not gone, whether this switch ended it or somebody before.
  const left = data ? [...data.leaving, ...data.held] : null;
  const isOver = left !== null && left.length === 0;
  return (
    <div role="status">
      <Callout tone={isOver ? "green" : "blue"} icon={isOver ? IconShieldCheck : IconProgress}>
        <p>
          {ended === 0 && toEnd > 0 ? null : <strong>{t("ended", { count: ended })} </strong>}
          {toEnd === 0 || isOver ? null : <>{t("goesOn", { count: toEnd })} </>}
          {left === null
            ? null
            : isOver
              ? t("allRevoked", { count: ended + toEnd })
              : t("left", { count: String(left.length), revoked: Math.max(0, ended + toEnd - left.length) })}
        </p>
        {left === null || isOver ? null : (
          <ul className={classes.left}>
            {left.slice(0, shownAtMost).map((grant) => (
              <li key={grant.id}>
                <Link to="/grants/$grantId" params={{ grantId: grant.id }}>
                  <DatabaseName database={grant.database} />
                </Link>
                <span>{grant.holder.name}</span>
                <GrantStatusBadge grant={grant} />
              </li>
            ))}
          </ul>
        )}
      </Callout>
    </div>
  );
}
