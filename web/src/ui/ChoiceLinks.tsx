import type { ReactNode } from "react";
import classes from "./ChoiceLinks.module.css";

/** A filter of which one is chosen, as links: the choice is in the address. Children are router links. */
export function ChoiceLinks({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav aria-label={label} className={classes.choices}>
      {children}
    </nav>
  );
}
