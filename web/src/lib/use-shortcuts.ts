import { useEffect, useRef } from "react";

/**
 * Single keys of a page ("j", "Escape", "mod+Enter"). Plain keys are left alone while the reader is typing, while a
 * dialogue or menu is open, and with a modifier held.
 */
export function useShortcuts(shortcuts: Record<string, (event: KeyboardEvent) => void>): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const modified = event.metaKey || event.ctrlKey;
      const run = latest.current[modified ? `mod+${event.key}` : event.key];
      if (run === undefined || event.altKey) return;
      if (!modified && isBusyWith(event.target)) return;
      event.preventDefault();
      run(event);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

function isBusyWith(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.closest("input, textarea, select, [role=dialog], [role=menu], [role=listbox]") !== null
  );
}
