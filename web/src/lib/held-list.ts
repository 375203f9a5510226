/**
 * The order to show while the reader's pointer or focus is on the list: nothing that is being looked at moves.
 * Rows keep their place with their newest content, rows that have left stay as they were, new ones come last.
 */
export function heldOrder<T>(shown: readonly T[], newest: readonly T[], keyOf: (item: T) => string): T[] {
  const byKey = new Map(newest.map((item) => [keyOf(item), item]));
  const kept = shown.map((item) => byKey.get(keyOf(item)) ?? item);
  const known = new Set(shown.map(keyOf));
  return [...kept, ...newest.filter((item) => !known.has(keyOf(item)))];
}
