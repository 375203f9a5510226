import { RowsSkeleton } from "../../ui/Skeletons.tsx";
import classes from "./PendingPage.module.css";

/** Shown only when a page's code takes longer than the blink of an eye. */
export function PendingPage() {
  return (
    <div className={classes.page}>
      <RowsSkeleton rows={4} />
    </div>
  );
}
