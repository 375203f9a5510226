import { IconShieldCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import type { GrantView } from "../../lib/api.ts";
import { serverNowMs } from "../../lib/clock.ts";
import { isOverdue } from "../../lib/overdue.ts";
import { useTicking } from "../../lib/use-ticking.ts";
import { DatabaseName } from "../../ui/DatabaseName.tsx";
import { failureTitle } from "../../ui/failure-title.ts";
import { LevelBadge } from "../../ui/LevelBadge.tsx";
import { Overdue } from "../../ui/Overdue.tsx";
import { Section } from "../../ui/Page.tsx";
import { GrantStatusBadge } from "../../ui/StatusBadge.tsx";
import classes from "./OverdueSection.module.css";
import row from "./Row.module.css";

const shownAtMost = 5;

/** What should be revoked and is not, for whoever looks after it: one quiet line while there is nothing. `hasMore`: the
 * server has more than it sent. */
export function OverdueSection({ ended, hasMore }: { ended: readonly GrantView[]; hasMore: boolean }) {
  const t = useTranslations("guarantee.overdue");
  // As text, so that the passing of time draws it again only when one more is late.
  const late = useTicking(() =>
    ended
      .filter((grant) => isOverdue(grant, serverNowMs()))
      .map(({ id }) => id)
      .join(" "),
  );
  const overdue = ended.filter(({ id }) => late.split(" ").includes(id));
  if (overdue.length === 0) {
    return (
      <p className={classes.good}>
        <IconShieldCheck size={16} stroke={1.8} aria-hidden />
        <span>
          {t("nothing")}{" "}
          <Link to="/settings/$section" params={{ section: "guarantee" }}>
            {t("guarantee")}
          </Link>
        </span>
      </p>
    );
  }
  return (
    <Section
      title={t(hasMore ? "titleMore" : "title", { count: String(overdue.length) })}
      aside={
        <Link to="/settings/$section" params={{ section: "guarantee" }}>
          {t("all")}
        </Link>
      }
    >
      <ul className={classes.rows}>
        {overdue.slice(0, shownAtMost).map((grant) => (
          <OverdueRow key={grant.id} grant={grant} />
        ))}
      </ul>
    </Section>
  );
}

function OverdueRow({ grant }: { grant: GrantView }) {
  const t = useTranslations("guarantee");
  return (
    <li className={row.row}>
      <div className={row.head}>
        <Link to="/grants/$grantId" params={{ grantId: grant.id }} className={row.link}>
          <DatabaseName database={grant.database} />
        </Link>
        <LevelBadge level={grant.level} />
        <GrantStatusBadge grant={grant} />
      </div>
      <div className={row.note}>
        <span>{grant.holder.name}</span>
        <span className={row.quiet}>
          {grant.failure === null
            ? t("overdue.nobody")
            : `${t(`failure.title.${failureTitle(grant.failure)}`)}. ${t(`failure.reason.${grant.failure.reason}`)}`}
        </span>
      </div>
      <div className={row.side}>
        <Overdue grant={grant} />
      </div>
    </li>
  );
}
