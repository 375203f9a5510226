/** Text from a server, fit for a terminal: names of accounts can be made by anybody, and control characters could move
 * the cursor or colour a lie. */
export function plain(text: string): string {
  return text.replaceAll(unprintable, "�");
}

// C0, DEL, C1, and what turns the direction of writing or hides.
const unprintable = /[\p{Cc}\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/gu;
