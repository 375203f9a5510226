/**
 * Characters that a terminal acts on, or that nobody can tell from others: control characters, those that turn or join
 * text, those without a shape, and spaces and line breaks but the usual space. Chat programs replace some of them. The
 * command line shows none of them either (packages/cli/src/plain.ts).
 */
const unseen = /(?! )[\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{Default_Ignorable_Code_Point}]/u;
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
