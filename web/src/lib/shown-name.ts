/**
 * The name of an object of a database, to be read in a sentence. Where it begins and ends, and what is in it, can be
 * seen: a name of anything but letters, digits and the usual signs is quoted, with escapes for what nobody sees.
 */
export function shownName(name: string): string {
  const visible = name.replaceAll(
    /(?! )[\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{Default_Ignorable_Code_Point}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
  if (visible === name && /^[\p{L}\p{M}\p{N}_$-]+$/u.test(name)) return name;
  return `"${visible.replaceAll('"', '""')}"`;
}

/** `schema.table`, or `schema.*` for all of a schema; a table that is called `*` is `schema."*"`. */
export function shownObject({ schema, table }: { schema: string; table?: string | undefined }): string {
  return `${shownName(schema)}.${table === undefined ? "*" : shownName(table)}`;
}
