import type { ReactNode } from "react";
import classes from "./SectionHead.module.css";

/** What a part of the settings is for, its search, and its main move. */
export function SectionHead({ lead, children }: { lead: string; children?: ReactNode }) {
  return (
    <div className={classes.head}>
      <p className={classes.lead}>{lead}</p>
      {children}
    </div>
  );
}
