import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./EmptyState.module.css";

type Props = { icon: Icon; title: string; children?: ReactNode; action?: ReactNode };

/** Nothing here yet: what this is, and the first step. */
export function EmptyState({ icon: EmptyIcon, title, children, action }: Props) {
  return (
    <div className={classes.empty}>
      <EmptyIcon size={22} stroke={1.6} aria-hidden className={classes.icon} />
      <p className={classes.title}>{title}</p>
      {children ? <div className={classes.text}>{children}</div> : null}
      {action ? <div className={classes.action}>{action}</div> : null}
    </div>
  );
}
