import { holdsUnseen, leftOut, replaceUnseen } from "../unseen.ts";
import { literal, sql } from "./quote.ts";

/**
 * A statement of ours in a form that can be pasted: names and strings with characters that a terminal acts on, or that
 * nobody sees, are written with escapes. The statement means the same.
 */
export function pastedSql(statement: string): string {
  // psqlInDatabase made it from statements that were written so already.
  if (statement.startsWith("\\") || !holdsUnseen(statement)) return statement;
  const written = statement.replaceAll(quotedPart, (part) => {
    if (!holdsUnseen(part)) return part;
    return part.startsWith('"') ? escapedIdentifier(part) : escapedLiteral(part);
  });
  // Our own line breaks stand between the parts of a statement.
  const rest = written.replaceAll(quotedPart, "").replaceAll("\n", "");
  return holdsUnseen(rest) ? leftOut(statement, "A name in this statement cannot be written here.") : written;
}

/** The forms that quote.ts writes: E'…', '…' and "…". */
const quotedPart = /E'(?:''|\\.|[^'\\])*'|'(?:''|[^'])*'|"(?:""|[^"])*"/gsu;

function escapedIdentifier(part: string): string {
  const name = part.replaceAll("\\", "\\\\");
  return `U&${replaceUnseen(name, (character) => `\\+${hex(character, 6)}`)}`;
}

function escapedLiteral(part: string): string {
  const text = part.startsWith("E") ? part.slice(1) : part.replaceAll("\\", "\\\\");
  return `E${replaceUnseen(text, (character) => `\\U${hex(character, 8)}`)}`;
}

function hex(character: string, digits: number): string {
  return (character.codePointAt(0) ?? 0).toString(16).padStart(digits, "0");
}

/**
 * The line with which psql goes to this database and no other, as the same user of the same server. psql runs what
 * stands between backticks, fills in :variables, takes a name with "=" or "://" for a whole address, and strips double
 * quotes even inside single ones; so every name but the plainest is a quoted value (libpq) inside a quoted identifier
 * inside a string (psql). The two backslashes end its arguments, for terminals that paste all lines as one.
 */
export function psqlConnect(database: string): string {
  if (/^[a-z_][a-z0-9_]{0,62}$/.test(database)) return `\\connect ${database} \\\\`;
  const address = `dbname='${database.replaceAll(/[\\']/g, "\\$&")}'`;
  const argument = `"${address.replaceAll('"', '""')}"`.replaceAll(/[\\']/g, "\\$&");
  return `\\connect -reuse-previous=on '${replaceUnseen(argument, escapedBytes)}' \\\\`;
}

function escapedBytes(character: string): string {
  return [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
}

/**
 * Statements for one database, as one text to paste into psql. A psql at a terminal goes on after an error, and stays
 * in the database where it was when it could not connect: there, and in any other program, the transaction refuses.
 */
export function psqlInDatabase(database: string, statements: readonly string[]): string {
  const here = literal(
    sql`BEGIN IF current_database() <> ${literal(database)} THEN RAISE EXCEPTION 'This is another database; connect to the right one first.'; END IF; END`,
  );
  return [
    "\\set ON_ERROR_STOP on",
    "\\set ON_ERROR_ROLLBACK off",
    psqlConnect(database),
    "BEGIN;",
    pastedSql(sql`DO ${here};`),
    ...statements.map(pastedSql),
    "COMMIT;",
  ].join("\n");
}
