import { Skeleton } from "@mantine/core";
import { useTranslations } from "use-intl";
import classes from "./Skeletons.module.css";

/** Rows in the shape of a list that is on its way. `height` is that of one row in pixels. */
export function RowsSkeleton({ rows = 3, height = 56 }: { rows?: number; height?: number }) {
  const t = useTranslations("ui");
  return (
    <output className={classes.rows} aria-label={t("loading")}>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} className={classes.row} style={{ height }}>
          <Skeleton height={12} width={`${38 - (row % 3) * 7}%`} radius={4} />
          <Skeleton height={10} width={`${58 - (row % 2) * 12}%`} radius={4} />
        </span>
      ))}
    </output>
  );
}

/** Lines of text that are on their way. */
export function TextSkeleton({ lines = 3 }: { lines?: number }) {
  const t = useTranslations("ui");
  return (
    <output className={classes.lines} aria-label={t("loading")}>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={12} width={`${94 - (line % 3) * 17}%`} radius={4} />
      ))}
    </output>
  );
}
