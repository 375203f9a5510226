import { type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import classes from "./Dropdown.module.css";

type Props = {
  label: string;
  onClose: () => void;
  /** As wide as what it opens under, instead of its usual width. */
  stretch?: boolean;
  children: ReactNode;
};

const edgePx = 16;

/**
 * What opens under a button; it stands beside the button in an element that is `position: relative`. The focus goes in
 * when it opens and back when it closes; Escape, a click elsewhere and tabbing out close it.
 */
export function Dropdown({ label, onClose, stretch = false, children }: Props) {
  const panel = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });
  useLayoutEffect(() => {
    const element = panel.current;
    if (element === null) return;
    // Kept inside the window on a small screen.
    const over = element.getBoundingClientRect().right + edgePx - document.documentElement.clientWidth;
    if (over > 0) element.style.left = `${-over}px`;
    const opener = document.activeElement;
    element.querySelector<HTMLElement>("[data-autofocus], button, input, a")?.focus({ preventScroll: true });
    return () => {
      // Only when the focus was in here: a click elsewhere has put it where the reader wants it.
      if (opener instanceof HTMLElement && opener.isConnected && isNowhere()) opener.focus();
    };
  }, []);
  useEffect(() => {
    const onPointer = (event: PointerEvent) => {
      const around = panel.current?.parentElement;
      if (event.target instanceof Node && !around?.contains(event.target)) close.current();
    };
    document.addEventListener("pointerdown", onPointer);
    return () => document.removeEventListener("pointerdown", onPointer);
  }, []);
  return (
    // A dialogue that does not block: Escape and tabbing out are heard on all of it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={panel}
      role="dialog"
      aria-label={label}
      className={classes.dropdown}
      data-stretch={stretch || undefined}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
      onBlur={(event) => {
        const next = event.relatedTarget;
        if (next instanceof Node && !event.currentTarget.parentElement?.contains(next)) onClose();
      }}
    >
      {children}
    </div>
  );
}

function isNowhere(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}
