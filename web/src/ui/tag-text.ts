import type { Pick } from "./PickList.tsx";

const mostShown = 50;

/** The proposals that match what is typed and are not chosen yet. Free text is never hidden behind a proposal: nothing
 * is proposed once the text is exactly one of them. */
export function matchingPicks(
  picks: readonly Pick[],
  chosen: readonly string[],
  text: string,
  free: boolean,
): Pick[] {
  const wanted = text.trim().toLowerCase();
  const found = picks.filter(
    (pick) =>
      !chosen.includes(pick.value) && `${pick.label} ${pick.aside ?? ""}`.toLowerCase().includes(wanted),
  );
  if (free && wanted !== "" && !found.some((pick) => pick.label.toLowerCase() === wanted)) {
    return [{ value: text.trim(), label: text.trim() }, ...found].slice(0, mostShown);
  }
  return found.slice(0, mostShown);
}

/** What was written or pasted, split at commas and lines, without what is chosen already. */
export function freshTags(text: string, chosen: readonly string[]): string[] {
  const parts = text.split(/[,\n]/).map((part) => part.trim());
  return [...new Set(parts)].filter((part) => part !== "" && !chosen.includes(part));
}
