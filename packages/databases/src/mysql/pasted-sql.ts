import { holdsUnseen, leftOut } from "../unseen.ts";

/**
 * A statement of ours in a form that can be pasted. MySQL has no escapes for names, and those of strings depend on a
 * setting: with a name that holds what a terminal acts on, or what nobody sees, there is a comment in its place.
 */
export function pastedSql(statement: string): string {
  const quoted = statement.match(quotedPart) ?? [];
  // Our own line breaks stand between the parts of a statement.
  const rest = statement.replaceAll(quotedPart, "").replaceAll("\n", "");
  return quoted.some(holdsUnseen) || holdsUnseen(rest)
    ? leftOut(statement, "A name in this statement has characters that a terminal acts on or does not show.")
    : statement;
}

/** The forms that quote.ts writes: '…' and `…`. */
const quotedPart = /'(?:''|\\.|[^'\\])*'|`(?:``|[^`])*`/gsu;
