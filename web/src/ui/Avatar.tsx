import classes from "./Avatar.module.css";

/** A person's initials in a circle; the name stands beside it or is said by the element around it. */
export function Avatar({ name, size = 28 }: { name: string; size?: number }) {
  const words = name.trim().split(/\s+/u);
  const initials = [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => (word === undefined ? "" : (Array.from(word)[0] ?? "")))
    .join("")
    .toUpperCase();
  return (
    <span
      className={classes.avatar}
      style={{ width: size, height: size, fontSize: size * 0.4 }}
      data-initials={initials}
      aria-hidden
    />
  );
}
