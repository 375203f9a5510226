import classes from "./KeyboardHint.module.css";

const isApple = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

/** "mod+Enter" as this machine's keyboard has it: ⌘↵ or Ctrl ↵. Decoration only: the action names its shortcut. */
export function KeyboardHint({ keys }: { keys: string }) {
  const shown = keys.split("+").map((key) => {
    if (key === "mod") return isApple ? "⌘" : "Ctrl";
    if (key === "Enter") return "↵";
    return key.length === 1 ? key.toUpperCase() : key;
  });
  return (
    <span className={classes.keys} aria-hidden>
      {shown.map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}
