import { useSuspenseQuery } from "@tanstack/react-query";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import { meQuery } from "../../lib/queries.ts";
import { NavigationList } from "./NavigationList.tsx";
import classes from "./Shell.module.css";
import { StaleNotice } from "./StaleNotice.tsx";
import { TopBar } from "./TopBar.tsx";

/** The frame of every page: navigation, top bar, content. */
export function Shell() {
  const t = useTranslations("shell");
  const { data: me } = useSuspenseQuery(meQuery);
  const main = useFocusOnNavigation();
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#content">
        {t("skip")}
      </a>
      <TopBar me={me} />
      <nav className={classes.nav} aria-label={t("navigation")}>
        <NavigationList me={me} />
      </nav>
      <main className={classes.main} id="content" tabIndex={-1} ref={main}>
        <StaleNotice />
        <Outlet />
      </main>
    </div>
  );
}

/** After a change of page the keyboard and the screen reader go on at its heading, not at the link that is gone. */
function useFocusOnNavigation() {
  const main = useRef<HTMLElement>(null);
  const pathname = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const previous = useRef(pathname);
  useEffect(() => {
    if (previous.current !== undefined && previous.current !== pathname) {
      const target = main.current?.querySelector("h1") ?? main.current;
      if (!main.current?.contains(document.activeElement)) target?.focus({ preventScroll: true });
    }
    previous.current = pathname;
  }, [pathname]);
  return main;
}
