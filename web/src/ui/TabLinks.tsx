import type { ReactNode } from "react";
import classes from "./TabLinks.module.css";

/** Links to the parts of one page, each with an address of its own. Children are router links. */
export function TabLinks({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav aria-label={label} className={classes.tabs}>
      {children}
    </nav>
  );
}
