import type { Icon } from "@tabler/icons-react";
import classes from "./Badge.module.css";

export type Tone = "amber" | "green" | "orange" | "blue" | "red" | "grey" | "guarded" | "plain";

type Props = { tone: Tone; icon?: Icon; label: string; title?: string; mono?: boolean };

/** A word on a colour, never a colour alone. Status has its own badges; use those for status. */
export function Badge({ tone, icon: BadgeIcon, label, title, mono = false }: Props) {
  return (
    <span className={`${classes.badge} ${mono ? classes.level : ""}`} data-tone={tone} title={title}>
      {BadgeIcon ? <BadgeIcon size={13} stroke={2} aria-hidden /> : null}
      <span>{label}</span>
    </span>
  );
}
