/** A text in parts, in order: prose, and the https addresses in it. Marks that end a sentence are not part of an address. */
export function linkParts(text: string): { text: string; href: string | null }[] {
  return text
    .split(/(https:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]])/)
    .map((part, index) => ({ text: part, href: index % 2 === 1 && URL.canParse(part) ? part : null }))
    .filter((part) => part.text !== "");
}
