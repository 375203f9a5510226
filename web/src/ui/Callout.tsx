import { type Icon, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Tone } from "./Badge.tsx";
import classes from "./Callout.module.css";

type Props = {
  tone?: Exclude<Tone, "plain">;
  icon?: Icon;
  title?: string;
  children?: ReactNode;
  action?: ReactNode;
};

/** Something to know, inside a page. Errors are `ProblemNotice`. */
export function Callout({
  tone = "grey",
  icon: CalloutIcon = IconInfoCircle,
  title,
  children,
  action,
}: Props) {
  return (
    <div className={classes.callout} data-tone={tone}>
      <CalloutIcon size={17} stroke={1.8} aria-hidden className={classes.icon} />
      <div className={classes.body}>
        {title ? <p className={classes.title}>{title}</p> : null}
        {children}
      </div>
      {action}
    </div>
  );
}
