/** The only file in which SQL text is joined: PostgreSQL's utility statements take no parameters. */
export function identifier(name: string): string {
  refuseNul(name);
  if (name === "") throw new TypeError("an identifier cannot be empty");
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string constant; with a backslash inside it takes the E'' form, which every server setting reads alike. */
export function literal(value: string): string {
  refuseNul(value);
  const quoted = `'${value.replaceAll("'", "''").replaceAll("\\", "\\\\")}'`;
  return value.includes("\\") ? `E${quoted}` : quoted;
}

export function qualified(schema: string, name: string): string {
  return `${identifier(schema)}.${identifier(name)}`;
}

export function integer(value: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError("not a whole number");
  return String(value);
}

/** An instant as a timestamptz constant in UTC with milliseconds. */
export function instant(epochMs: number): string {
  if (!Number.isSafeInteger(epochMs)) throw new TypeError("not an instant in whole milliseconds");
  return literal(new Date(epochMs).toISOString().replace("T", " ").replace("Z", "+00"));
}

/** Fills `{}` marks one after the other with parts that the functions above have quoted. */
export function sql(template: TemplateStringsArray, ...parts: readonly string[]): string {
  return String.raw({ raw: template.raw }, ...parts);
}

export function list(parts: readonly string[]): string {
  if (parts.length === 0) throw new TypeError("an empty list has no SQL");
  return parts.join(", ");
}

/** Whole statements, for the server to run one after the other. */
export function inOrder(statements: readonly string[]): string {
  if (statements.length === 0) throw new TypeError("an empty list has no SQL");
  return statements.join(";\n");
}

function refuseNul(text: string): void {
  if (text.includes("\0")) throw new TypeError("SQL text cannot hold a NUL character");
}
