/** The only file in which SQL text for MySQL and MariaDB is joined: statements about accounts take no parameters. */
export function identifier(name: string): string {
  refuseNul(name);
  if (name === "") throw new TypeError("an identifier cannot be empty");
  return `\`${name.replaceAll("`", "``")}\``;
}

/**
 * A string constant. Every session of ours has a pinned sql_mode in which a backslash escapes; quotes are doubled
 * all the same, so that the text ends where it should under NO_BACKSLASH_ESCAPES too.
 */
export function literal(value: string): string {
  refuseNul(value);
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

export function account(name: string, host: string): string {
  return `${literal(name)}@${literal(host)}`;
}

export function qualified(database: string, name: string): string {
  return `${identifier(database)}.${identifier(name)}`;
}

/**
 * What stands before `.*` in a grant on a whole database: a pattern, in which `_` and `%` are wild unless they are
 * escaped. Under MySQL's `partial_revokes` it is a plain name, and an escaped one would be another database.
 */
export function databasePattern(database: string, isPlain: boolean): string {
  return identifier(isPlain ? database : database.replaceAll(/[\\_%]/g, "\\$&"));
}

export function integer(value: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError("not a whole number");
  return String(value);
}

/** Bytes as a hexadecimal constant: what a hash is that holds characters of every kind. */
export function hexadecimal(bytes: Uint8Array): string {
  if (bytes.length === 0) throw new TypeError("an empty constant has no SQL");
  return `0x${Buffer.from(bytes).toString("hex")}`;
}

/** Fills `{}` marks one after the other with parts that the functions above have quoted. */
export function sql(template: TemplateStringsArray, ...parts: readonly string[]): string {
  return String.raw({ raw: template.raw }, ...parts);
}

/** Several statements for one trip; the server stops at the first that fails. */
export function sequence(statements: readonly string[]): string {
  if (statements.length === 0) throw new TypeError("an empty sequence has no SQL");
  return statements.join(";\n");
}

export function list(parts: readonly string[]): string {
  if (parts.length === 0) throw new TypeError("an empty list has no SQL");
  return parts.join(", ");
}

/** What is quoted, in which a question mark is only itself, or a place for a value. */
const quotedOrPlace = /'(?:''|\\.|[^'\\])*'|"(?:""|\\.|[^"\\])*"|`(?:``|[^`])*`|\?/gsu;

/**
 * Puts values into the places (`?`) of a text of ours. We never let the server prepare a statement: it has a number of
 * them for everybody together, and any account can use them up.
 */
export function fill(text: string, values: readonly (string | number)[]): string {
  let used = 0;
  const filled = text.replaceAll(quotedOrPlace, (part) => {
    if (part !== "?") return part;
    const value = values[used];
    used += 1;
    if (value === undefined) throw new TypeError("a place in SQL text has no value");
    return typeof value === "number" ? integer(value) : literal(value);
  });
  if (used !== values.length) throw new TypeError("a value has no place in SQL text");
  return filled;
}

function refuseNul(text: string): void {
  if (text.includes("\0")) throw new TypeError("SQL text cannot hold a NUL character");
}
