import { type ReactNode, useEffect, useRef } from "react";
import classes from "./TabLinks.module.css";

/** Links to the parts of one page, each with an address of its own. Children are router links. */
export function TabLinks({ label, children }: { label: string; children: ReactNode }) {
  const tabs = useRef<HTMLElement>(null);
  // On a small screen the row scrolls sideways; the chosen one is brought into it, the page itself stays.
  useEffect(() => {
    const chosen = tabs.current?.querySelector<HTMLElement>('[aria-current="page"]');
    if (!tabs.current || !chosen) return;
    const over = chosen.offsetLeft + chosen.offsetWidth - tabs.current.offsetLeft - tabs.current.clientWidth;
    if (over > tabs.current.scrollLeft) tabs.current.scrollLeft = over;
  });
  return (
    <nav aria-label={label} className={classes.tabs} ref={tabs}>
      {children}
    </nav>
  );
}
