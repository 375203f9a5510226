import { useLocale } from "use-intl";

/** A function that lists names as the reader's language does: "a, b and c", "a or b". */
export function useNamesText(): (names: readonly string[], join?: "and" | "or") => string {
  const locale = useLocale();
  return (names, join = "and") =>
    new Intl.ListFormat(locale === "en" ? "en-GB" : locale, {
      type: join === "and" ? "conjunction" : "disjunction",
    }).format(names);
}
