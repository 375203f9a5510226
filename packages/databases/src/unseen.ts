/**
 * Characters that a terminal acts on or that nobody sees: control characters, those that turn or join text, and
 * separators of lines. The command line shows none of them either (packages/cli/src/plain.ts).
 */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u2065]/u;
const eachUnseen = new RegExp(unseen, "gu");

export function holdsUnseen(text: string): boolean {
  return unseen.test(text);
}

export function replaceUnseen(text: string, replacement: (character: string) => string): string {
  return text.replaceAll(eachUnseen, replacement);
}

/** The text with `\u{…}` in place of what nobody sees: to be read, not to be run. */
export function visible(text: string): string {
  return replaceUnseen(text, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** In place of a statement that cannot be pasted. A comment for psql and for the clients of MySQL alike. */
export function leftOut(statement: string, why: string): string {
  const shown = visible(statement);
  return `-- ${why} Not to be pasted: ${shown.length > 500 ? `${shown.slice(0, 500)}…` : shown}`;
}
