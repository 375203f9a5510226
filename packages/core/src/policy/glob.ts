/**
 * Whether the whole text matches. `*` stands for any text, also none; every other character stands for itself,
 * case-sensitive and not normalised, as PostgreSQL keeps names. Each literal part is searched once from left to
 * right, so there is nothing to backtrack into, whatever the pattern.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return pattern === text;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let position = first.length;
  if (position > end) return false;
  for (const part of rest) {
    const found = text.indexOf(part, position);
    if (found === -1 || found + part.length > end) return false;
    position = found + part.length;
  }
  return true;
}
