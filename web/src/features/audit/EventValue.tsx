import { useTranslations } from "use-intl";
import type { EventView } from "../../lib/api.ts";
import { IdLink } from "../../ui/IdLink.tsx";
import { isId } from "./audit-filter.ts";
import classes from "./EventValue.module.css";

/** One detail of an event as text; nothing in it is ever run as markup. Documents are set out over lines. */
export function EventValue({ value }: { value: EventView["data"][string] }) {
  const t = useTranslations("audit.event");
  if (value === null) return <span className={classes.none}>{t("none")}</span>;
  if (typeof value === "boolean") return <>{value ? t("yes") : t("no")}</>;
  if (typeof value === "number") return <span className="num">{value}</span>;
  if (Array.isArray(value)) {
    return value.length === 0 ? <span className={classes.none}>{t("none")}</span> : <>{value.join(", ")}</>;
  }
  if (isId(value)) return <IdLink id={value} />;
  const json = laidOut(value);
  return json === null ? (
    <span className={classes.text}>{value}</span>
  ) : (
    // What scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre tabIndex={0} className={classes.json}>
      {json}
    </pre>
  );
}

function laidOut(text: string): string | null {
  if (!/^[{[]/.test(text)) return null;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return null;
  }
}
