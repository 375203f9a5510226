import { IconCloudOff } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { useTranslations } from "use-intl";
import { isPassing } from "../../lib/problem.ts";
import classes from "./StaleNotice.module.css";

/** Says so when what is on the screen could not be refreshed. Lies over the page, so nothing jumps. */
export function StaleNotice() {
  const t = useTranslations("problems");
  const cache = useQueryClient().getQueryCache();
  const stale = useSyncExternalStore(
    (listener) => cache.subscribe(listener),
    () =>
      cache
        .getAll()
        .some(
          (query) =>
            query.isActive() &&
            query.state.status === "error" &&
            query.state.data !== undefined &&
            isPassing(query.state.error),
        ),
  );
  return (
    <output>
      {stale ? (
        <span className={classes.notice}>
          <IconCloudOff size={15} aria-hidden /> {t("stale")}
        </span>
      ) : null}
    </output>
  );
}
