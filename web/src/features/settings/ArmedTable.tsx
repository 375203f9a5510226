import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import type { GrantView } from "../../lib/api.ts";
import { DatabaseName } from "../../ui/DatabaseName.tsx";
import { LevelBadge } from "../../ui/LevelBadge.tsx";
import { Moment } from "../../ui/Moment.tsx";
import classes from "./ArmedTable.module.css";

/** Accounts that will end by themselves, with what the database itself holds as their end. */
export function ArmedTable({ grants }: { grants: GrantView[] }) {
  const t = useTranslations("settings.guarantee");
  return (
    // What scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={classes.frame} tabIndex={0} aria-label={t("armedTitle")}>
      <table className={classes.table}>
        <thead>
          <tr>
            {(["database", "holder", "account", "ends", "enforced", "timer"] as const).map((name) => (
              <th key={name} scope="col">
                {t(`column.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {grants.map((grant) => (
            <tr key={grant.id}>
              <td>
                <span className={classes.database}>
                  <DatabaseName database={grant.database} /> <LevelBadge level={grant.level} />
                </span>
              </td>
              <td>{grant.holder.name}</td>
              <td>
                <Link to="/grants/$grantId" params={{ grantId: grant.id }} className="mono">
                  {grant.account}
                </Link>
              </td>
              <td>{grant.endsAt === null ? null : <Moment at={grant.endsAt} show="both" />}</td>
              <td className={classes.enforced}>
                <Enforced grant={grant} />
              </td>
              <td className={grant.timerSeenAt === null ? classes.weak : classes.enforced}>
                {grant.timerSeenAt === null ? t("timer.unseen") : t("timer.armed")}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** While an extension is on its way the database holds the earlier end. */
function Enforced({ grant }: { grant: GrantView }) {
  const t = useTranslations("settings.guarantee");
  const { databaseEndsAt, endsAt, deadManSwitch } = grant;
  if (deadManSwitch === "none") return <span className={classes.weak}>{t("enforcedNone")}</span>;
  if (deadManSwitch === null || databaseEndsAt === null) return <>{t("notEnforced")}</>;
  if (databaseEndsAt === endsAt) return <>{t(`enforced.${deadManSwitch}`)}</>;
  return <>{t.rich("enforcedEarlier", { moment: () => <Moment at={databaseEndsAt} show="absolute" /> })}</>;
}
