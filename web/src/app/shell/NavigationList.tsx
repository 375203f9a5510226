import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import type { MeView } from "../../lib/api.ts";
import classes from "./NavigationList.module.css";
import { navigationFor } from "./navigation.ts";

export function NavigationList({ me }: { me: MeView }) {
  const t = useTranslations("shell");
  return (
    <ul className={classes.list}>
      {navigationFor(me).map((entry) => (
        <li key={entry.key} data-phone={entry.phone || undefined}>
          <Link
            to={entry.to}
            className={classes.link}
            activeOptions={{ exact: entry.to === "/", includeSearch: false }}
            title={t(entry.key)}
          >
            <entry.icon size={18} stroke={1.7} aria-hidden />
            <span className={classes.label}>{t(entry.key)}</span>
            {entry.key === "inbox" && me.inboxCount > 0 ? (
              <span className={classes.count}>
                <span aria-hidden>{me.inboxCount > 99 ? "99+" : me.inboxCount}</span>
                <span className="visually-hidden">{t("inboxCount", { count: me.inboxCount })}</span>
              </span>
            ) : null}
          </Link>
        </li>
      ))}
    </ul>
  );
}
