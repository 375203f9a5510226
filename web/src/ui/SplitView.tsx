import { CloseButton } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import { useShortcuts } from "../lib/use-shortcuts.ts";
import classes from "./SplitView.module.css";

type Props = {
  list: ReactNode;
  /** What stands beside the list; null: nothing is selected. */
  panel: { key: string; title: string; content: ReactNode } | null;
  onClose: () => void;
};

/** A list with a panel beside it. On a small screen the panel takes the list's place. Escape closes it. */
export function SplitView({ list, panel, onClose }: Props) {
  return (
    <div className={classes.split} data-open={panel !== null || undefined}>
      <div className={classes.list}>{list}</div>
      {panel === null ? null : (
        <SidePanel key={panel.key} title={panel.title} onClose={onClose}>
          {panel.content}
        </SidePanel>
      )}
    </div>
  );
}

function SidePanel({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const t = useTranslations("ui");
  const heading = useRef<HTMLHeadingElement>(null);
  const opener = useRef<Element | null>(null);
  useEffect(() => {
    opener.current = document.activeElement;
    heading.current?.focus({ preventScroll: true });
    return () => {
      if (opener.current instanceof HTMLElement && opener.current.isConnected) opener.current.focus();
    };
  }, []);
  useShortcuts({ Escape: onClose });
  return (
    <aside className={classes.panel} aria-label={title}>
      <div className={classes.head}>
        <h2 className={classes.title} ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <CloseButton aria-label={t("close")} onClick={onClose} />
      </div>
      <div className={classes.content}>{children}</div>
    </aside>
  );
}
